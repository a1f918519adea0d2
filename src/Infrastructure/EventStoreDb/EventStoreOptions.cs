using EventSourcedStreams.EventStoreDb;

namespace EventSourcedStreams;

/// <summary>The section <c>EventStore</c>: an event store on a server instead of the embedded one.</summary>
public sealed class EventStoreOptions
{
    /// <summary><c>esdb://…</c>, <c>esdb+discover://…</c>, <c>kurrentdb://…</c> or <c>kurrentdb+discover://…</c>, one
    /// node or a cluster. Never shown or logged.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>A folder for this process's list of streams, so that a start reads only what is new; used by one
    /// process at a time. None: a temporary one.</summary>
    public string? CachePath { get; set; }

    /// <summary>Neither user nor password is shown.</summary>
    public override string ToString() => $"{nameof(EventStoreOptions)} {{ CachePath = {CachePath} }}";

    internal IEnumerable<string> Errors(bool isRequired)
    {
        if (ConnectionString is not { } connection)
        {
            if (isRequired) yield return "ConnectionString: name the server, as 'esdb://127.0.0.1:2113?tls=false', or leave UseEventStoreDb() out.";
        }
        else if (EventStoreDbOptions.ErrorIn(connection) is { } wrong)
        {
            yield return $"ConnectionString: {wrong}.";
        }

        if (CachePath is { } cache && string.IsNullOrWhiteSpace(cache)) yield return "CachePath: name a folder, or remove the key.";
    }
}
