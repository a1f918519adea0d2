using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

internal static class ApiSchemas
{
    /// <summary>Which event some data belongs to its <c>event:</c> field says, and no property of the data.</summary>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (context.JsonTypeInfo.Type == typeof(FollowerEventView) || context.JsonTypeInfo.Type == typeof(DriverEventView) || context.JsonTypeInfo.Type == typeof(SharedEventView))
            schema.Discriminator = null;
        return Task.CompletedTask;
    }
}
