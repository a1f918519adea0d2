using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A document of JSON, and how long others may keep it.</summary>
internal sealed record JsonAnswer<T>(T Document, JsonTypeInfo<T> Type, string CacheControl) : IResult
{
    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCode;
        httpContext.Response.Headers.CacheControl = CacheControl;
        return httpContext.Response.WriteJsonAsync(Document, Type, "application/json; charset=utf-8", httpContext.RequestAborted);
    }
}
