using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

/// <summary>Adds examples to the API's description that work as they are: one stream, from its creation to its
/// deletion.</summary>
internal static class ApiExamples
{
    /// <summary>As in the README.</summary>
    private const string Stream = "hello";

    private const string Label = "user:ann";

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter is { In: ParameterLocation.Path, Name: "id" }) parameter.Example = Stream;
            if (operation.OperationId is "DeleteStreams" && parameter is { In: ParameterLocation.Query, Name: "label" })
                (parameter.Example, parameter.Required) = (new JsonArray(Label), true);
        }

        if (BodyOf(operation.OperationId) is not { } body) return Task.CompletedTask;
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var json) is true && json is OpenApiMediaType media) media.Example = body;
        return Task.CompletedTask;
    }

    private static JsonObject? BodyOf(string? operation) => operation switch
    {
        "CreateStream" => new() { ["id"] = Stream, ["source"] = "demo", ["input"] = new JsonObject { ["rate"] = 20 } },
        "FollowStreams" => new() { ["streams"] = new JsonArray(new JsonObject { ["id"] = Stream }) },
        "CancelStream" => new() { ["reason"] = "seen enough" },
        "MintStreamToken" => new() { ["rights"] = new JsonArray("read"), ["seconds"] = 900 },
        "MintToken" => new() { ["label"] = Label, ["rights"] = new JsonArray("list", "read"), ["seconds"] = 900 },
        _ => null,
    };
}
