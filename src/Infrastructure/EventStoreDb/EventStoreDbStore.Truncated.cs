using System.Text.Json;
using EventSourcedStreams.Domain;
using EventStore.Client;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>
/// The store's ordinary deletion leaves no tombstone: the stream's metadata hide its events (<c>$tb</c>), it reads as
/// one that never was, and an append that expects no stream goes on behind what is hidden.
/// </remarks>
internal sealed partial class EventStoreDbStore
{
    /// <summary>Texts and the log's identity. Of the others only the last events are kept anyway.</summary>
    private bool MustBeginAtZero(string stream) => stream == options.Prefix.Log || options.Prefix.TryGetText(stream, out _);

    /// <exception cref="LogDamagedException">There is nothing to be read of the stream, because it was
    /// truncated.</exception>
    private async ValueTask ThrowIfTruncatedAsync(EventStoreClient client, string stream, CancellationToken ct)
    {
        var read = await PageAsync(client, StreamLimitsJson.Prefix + stream, long.MaxValue, forward: false, maxCount: 1, ct).ConfigureAwait(false);
        if (read is StoreRead.Page { Events: [var last] } && HidesEvents(last)) throw Truncated(stream);
    }

    private static LogDamagedException Truncated(string stream) => new(
        stream, 0, "The stream is truncated: it was deleted in the store without a tombstone, or events were hidden there ($tb).");

    private static bool HidesEvents(StoredEvent metadata)
    {
        try
        {
            return JsonElement.Parse(metadata.Data.Span) is { ValueKind: JsonValueKind.Object } fields
                && fields.TryGetProperty(StreamLimitsJson.Before, out var before)
                && before.ValueKind == JsonValueKind.Number
                && before.GetDouble() > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
