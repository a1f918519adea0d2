using System.Text.Json.Serialization;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

internal static class ApiDescription
{
    private const string Name = "v1";

    public static void AddApiDescription(this IServiceCollection services)
    {
        // A number is a number: the framework's default would describe each as a number or a text.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi(Name, options =>
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

    /// <summary>Of another name there is none; the framework would say so in plain text.</summary>
    public static void MapApiDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json")
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
        .AddEndpointFilter((context, next) => IsNamed(context.HttpContext) ? next(context) : new ValueTask<object?>(Refusals.NotServed()))
        .AllowAnonymous();

    private static bool IsNamed(HttpContext http) => string.Equals(http.GetRouteValue("documentName") as string, Name, StringComparison.OrdinalIgnoreCase);
}
