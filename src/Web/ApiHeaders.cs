using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

/// <summary>Adds the headers of answers to the API's description: endpoint metadata has no place for them.</summary>
internal static class ApiHeaders
{
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var path = context.Description.RelativePath ?? "";
        var isStream = path.Contains("{id}", StringComparison.Ordinal);
        var isDrive = path.EndsWith("/drive", StringComparison.Ordinal);
        var isFollow = path.EndsWith("/events", StringComparison.Ordinal);
        var isText = path.EndsWith("/text", StringComparison.Ordinal);
        var isPart = path.EndsWith("/parts/{part}", StringComparison.Ordinal);
        foreach (var (status, each) in operation.Responses ?? [])
        {
            if (each is not OpenApiResponse response) continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            switch (status)
            {
                case "200" or "206" when isText:
                    Add(response, "ETag", "The stream's revision; strong.");
                    Add(response, "Accept-Ranges", "bytes.");
                    if (status == "206") Add(response, "Content-Range", "Which bytes of how many.");
                    break;
                case "200" or "206" when isPart:
                    Add(response, "ETag", "What there is of the part; strong.");
                    Add(response, "Accept-Ranges", "bytes.");
                    Add(response, "Content-Disposition", "inline for pictures, sound and films; else attachment.");
                    if (status == "206") Add(response, "Content-Range", "Which bytes of how many.");
                    break;
                case "200" when isDrive || isFollow:
                    Add(response, "X-Stream-Id", "The stream's id.");
                    Add(response, "Cache-Control", "no-store.");
                    Add(response, "X-Accel-Buffering", "no: a proxy is not to gather the answer.");
                    break;
                case "201":
                    Add(response, "Location", "The new stream's address, relative to the host.");
                    Add(response, "ETag", "The stream's revision; strong.");
                    break;
                case "202":
                    Add(response, "Location", "The job's address, relative to the host.");
                    break;
                case "200" or "304" when isStream || context.Description.HttpMethod == HttpMethods.Post:
                    Add(response, "ETag", "The stream's revision; strong.");
                    break;
                case "409" when isDrive:
                    Add(response, "Link", "Where to follow the stream instead; rel=\"follow\".");
                    break;
                case "503":
                    Add(response, "Retry-After", "Seconds until it is worth trying again.", JsonSchemaType.Integer);
                    break;
            }
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiResponse response, string name, string description, JsonSchemaType type = JsonSchemaType.String) =>
        response.Headers![name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } };
}
