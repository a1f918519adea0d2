using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How large requests may be; a host may have others than the usual ones.</summary>
internal sealed record RequestSizes
{
    public const int UsualBodyBytes = 1024 * 1024;

    private static readonly RequestSizes Usual = new();

    /// <summary>A body that is JSON.</summary>
    public int BodyBytes { get; init; } = UsualBodyBytes;

    /// <summary>The body of one request of an upload, as it is sent; null: as much as a stream may have.</summary>
    public long? UploadBytes { get; init; }

    public static RequestSizes Of(HttpContext http) => http.RequestServices.GetService<RequestSizes>() ?? Usual;
}
