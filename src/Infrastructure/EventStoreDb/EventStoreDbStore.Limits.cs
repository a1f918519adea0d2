using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>How much of a stream is kept: the last event of the stream <c>$$name</c>.</remarks>
internal sealed partial class EventStoreDbStore
{
    /// <summary>What else stands in the stream's metadata, as its access list, stays.</summary>
    /// <exception cref="LogUnavailableException">Whether they are set is not known.</exception>
    public async Task SetLimitsAsync(string stream, StreamLimits limits, CancellationToken ct)
    {
        var name = StreamLimitsJson.Prefix + stream;
        while (true)
        {
            var read = await ReadAsync(name, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct).ConfigureAwait(false);
            var last = read is StoreRead.Page { Events: [var found] } ? found : null;
            if (StreamLimitsJson.With(last is null ? null : Metadata(last), limits) is not { } wanted) return;

            var expected = last is null ? ExpectedRevision.NoStream : ExpectedRevision.Exactly(Revision.From(last.Revision));
            var written = new NewEvent(
                new EventId(Guid.NewGuid()), StreamLimitsJson.MetadataType, StoredTypes.Json, JsonSerializer.SerializeToUtf8Bytes(wanted), default);
            switch (await AppendAsync(name, expected, [written], ct).ConfigureAwait(false))
            {
                case AppendOutcome.Unknown unknown:
                    throw new LogUnavailableException($"The limits of {stream} could not be set: {unknown.Why}", unknown.Cause);
                case not AppendOutcome.Lost:
                    return;
            }
        }
    }

    private static JsonObject Metadata(StoredEvent stored)
    {
        try
        {
            return JsonNode.Parse(stored.Data.Span) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
