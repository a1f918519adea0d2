using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Addresses beside the request's own, so that they hold below any prefix. Without a host: a proxy may have
/// another.</summary>
internal static class Addresses
{
    public static string OfNew(HttpRequest createRequest, StreamId id) => $"{Path(createRequest).TrimEnd('/')}/{id}";

    /// <summary>For a request to <c>…/{id}/drive</c>.</summary>
    public static string OfEvents(HttpRequest driveRequest)
    {
        var path = Path(driveRequest).TrimEnd('/');
        return $"{path[..path.LastIndexOf('/')]}/events";
    }

    /// <summary>For a request to a stream itself.</summary>
    public static string Of(HttpRequest request) => Path(request).TrimEnd('/');

    /// <summary>For a request to it.</summary>
    public static string OfDrive(HttpRequest driveRequest) => Path(driveRequest);

    private static string Path(HttpRequest request) => request.PathBase.ToUriComponent() + request.Path.ToUriComponent();
}
