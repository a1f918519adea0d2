using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventSourcedStreams.Web;

/// <summary>Adds to the API's description how a caller says who it is, so that what is made from it has a place for a
/// key.</summary>
internal static class ApiSecurity
{
    private const string Scheme = "bearer";

    public static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, a stream token, or a JSON Web Token of the configured authority. An open server asks for none.",
        });

        // Either of them: the second asks for nothing.
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }, []];
        return Task.CompletedTask;
    }
}
