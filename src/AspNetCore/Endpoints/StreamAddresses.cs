using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The addresses of streams below the prefix of one mapping.</summary>
internal sealed class StreamAddresses
{
    public LinkedRoute Stream { get; } = new();

    public LinkedRoute Part { get; } = new();

    public LinkedRoute Events { get; } = new();

    public LinkedRoute Drive { get; } = new();

    /// <summary>Those of the mapping that a request has come by.</summary>
    public static StreamAddresses Of(HttpContext http) => http.GetEndpoint()!.Metadata.GetRequiredMetadata<StreamAddresses>();

    public static string OfStream(HttpContext http, StreamId id) => Of(http).Stream.PathOf(http, new() { ["id"] = id.Value });

    public static string OfPart(HttpContext http, StreamId id, int part) => Of(http).Part.PathOf(http, new() { ["id"] = id.Value, ["part"] = part });

    public static string OfEvents(HttpContext http, StreamId id) => Of(http).Events.PathOf(http, new() { ["id"] = id.Value });

    public static string OfDrive(HttpContext http, StreamId id) => Of(http).Drive.PathOf(http, new() { ["id"] = id.Value });
}
