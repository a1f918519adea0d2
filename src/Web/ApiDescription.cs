using System.Text.Json.Serialization;

namespace EventSourcedStreams.Web;

internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services)
    {
        // A number is a number: the framework's default would describe each as a number or a text.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer(ApiSchemas.DescribeAsync);
            options.AddOperationTransformer(ApiEvents.DescribeAsync);
            options.AddOperationTransformer(ApiParameters.DescribeAsync);
            options.AddOperationTransformer(ApiHeaders.DescribeAsync);
            options.AddOperationTransformer(ApiExamples.DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "EventSourcedStreams";
                document.Info.Version = "v1";
                document.Info.Description =
                    "Text that is streamed to its driver token by token, persisted as events, and followed by any client.";
                return Task.CompletedTask;
            });
        });
    }

    public static void MapApiDescription(this WebApplication app) =>
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).AllowAnonymous();
}
