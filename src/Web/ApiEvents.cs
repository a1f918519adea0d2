using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

/// <summary>Adds the content types of a driver's and a follower's answer to the API's description: endpoint metadata
/// keeps one shape a status code.</summary>
internal static class ApiEvents
{
    public static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (operation.Responses?.GetValueOrDefault("200") is not OpenApiResponse response) return;
        var document = context.Document!;
        if (context.Description.RelativePath?.EndsWith("/drive", StringComparison.Ordinal) is true)
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                ["text/event-stream"] = new() { Schema = await SchemaAsync<DriverEventView>(nameof(DriverEventView)) },
                ["application/json"] = new() { Schema = new OpenApiSchemaReference(nameof(StreamView), document) },
            };
        if (context.Description.RelativePath?.EndsWith("/events", StringComparison.Ordinal) is true)
            response.Content!["application/json"] = new() { Schema = await SchemaAsync<EventPageView>(nameof(EventPageView)) };

        async Task<IOpenApiSchema> SchemaAsync<T>(string name)
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(T), null, ct);
            document.AddComponent(name, schema);
            return new OpenApiSchemaReference(name, document);
        }
    }
}
