using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>Texts that were deleted without a tombstone.</remarks>
internal sealed partial class EventStoreDbStore
{
    public bool TellsTruncationOf(string stream) => MustBeginAtZero(stream);

    /// <summary>Texts and the log's identity. Of the others only the last events are kept anyway.</summary>
    private bool MustBeginAtZero(string stream) => stream == options.Prefix.Log || options.Prefix.TryGetText(stream, out _);

    /// <exception cref="LogDamagedException">There is nothing to be read of the stream, because it was
    /// truncated.</exception>
    private async ValueTask ThrowIfTruncatedAsync(EventStoreClient client, string stream, CancellationToken ct)
    {
        var read = await PageAsync(client, StreamLimitsJson.Prefix + stream, long.MaxValue, forward: false, maxCount: 1, ct).ConfigureAwait(false);
        if (read is StoreRead.Page { Events: [var last] } && TruncatedStream.IsHiddenBy(last)) throw TruncatedStream.Found(stream);
    }
}
