using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

/// <summary>Says in the API's description what a query parameter may be: the endpoints take texts, and read them with
/// words of their own for what is wrong.</summary>
internal static class ApiParameters
{
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            if (parameter.In is ParameterLocation.Query && SchemaOf(parameter.Name) is { } schema) parameter.Schema = schema;
        return Task.CompletedTask;
    }

    private static OpenApiSchema? SchemaOf(string? name) => name switch
    {
        "limit" => Integer(1, 200),
        "wait" => Integer(0, 60),
        "after" => Integer(0, null),
        "count" or "text" or "continue" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        "from" or "to" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        "status" => OneOf("pending", "streaming", "done", "error", "cancelled", "timeout"),
        "units" => OneOf("bytes", "utf16"),
        "invalid" => OneOf("replace"),
        _ => null,
    };

    private static OpenApiSchema Integer(int least, int? most) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = $"{least}",
        Maximum = most is null ? null : $"{most}",
    };

    private static OpenApiSchema OneOf(params string[] names) => new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)] };
}
