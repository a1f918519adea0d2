namespace EventSourcedStreams.EventStoreServer;

/// <summary>EventStoreDB knows two: JSON, and everything else.</summary>
internal static class ContentTypes
{
    private const string Json = "application/json", Octets = "application/octet-stream";

    public static string Of(string contentType) => contentType == Json ? Json : Octets;
}
