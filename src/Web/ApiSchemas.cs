using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

internal static class ApiSchemas
{
    /// <summary>Of which kind some data is, its <c>event:</c> field says, or what it has; no property of the data
    /// does.</summary>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        if (schema.Discriminator?.PropertyName == "$type") schema.Discriminator = null;
        return Task.CompletedTask;
    }
}
