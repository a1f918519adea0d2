using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Empty = EventSourcedStreams.EventStoreProtocol.Empty;
using Nothing = Google.Protobuf.WellKnownTypes.Empty;

namespace EventStore.Client;

/// <summary>An append as it is sent.</summary>
internal static class AppendRequests
{
    /// <summary>Bytes of an event beside its data and metadata, about: its id, type and content type.</summary>
    private const int EventOverhead = 100;

    /// <summary>For a call of its own: what is expected, then one event after another.</summary>
    public static IEnumerable<AppendReq> Single(string stream, Expectation expected, IEnumerable<EventData> events)
    {
        var options = new AppendReq.Types.Options { StreamIdentifier = Name(stream) };
        expected.WriteTo(
            revision => options.Revision = revision,
            () => options.NoStream = new Empty(),
            () => options.Any = new Empty(),
            () => options.StreamExists = new Empty());
        yield return new AppendReq { Options = options };
        foreach (var one in events)
        {
            yield return new AppendReq
            {
                ProposedMessage = new AppendReq.Types.ProposedMessage
                {
                    Id = one.EventId.ToWire(),
                    Metadata = { { "type", one.Type }, { "content-type", one.ContentType } },
                    CustomMetadata = UnsafeByteOperations.UnsafeWrap(one.Metadata),
                    Data = UnsafeByteOperations.UnsafeWrap(one.Data),
                },
            };
        }
    }

    /// <summary>For a call that many share: one request, or several where the events are large.</summary>
    /// <param name="size">Bytes of events after which the append goes on in another request.</param>
    /// <param name="deadline">From now; null for none.</param>
    /// <param name="now">Null where the server takes a time from now.</param>
    public static IEnumerable<BatchAppendReq> Batched(
        Uuid id, string stream, Expectation expected, IEnumerable<EventData> events, int size, TimeSpan? deadline, DateTimeOffset? now)
    {
        var options = new BatchAppendReq.Types.Options { StreamIdentifier = Name(stream) };
        expected.WriteTo(
            revision => options.StreamPosition = revision,
            () => options.NoStream = new Nothing(),
            () => options.Any = new Nothing(),
            () => options.StreamExists = new Nothing());
        if (now is { } clock) options.Deadline21100 = Timestamp.FromDateTimeOffset(clock + deadline ?? DateTimeOffset.MaxValue);
        else if (deadline is { } limit) options.Deadline = Duration.FromTimeSpan(limit);

        var request = new BatchAppendReq { CorrelationId = id.ToWire(), Options = options };
        var bytes = 0;
        foreach (var one in events)
        {
            if (bytes >= size)
            {
                yield return request;
                request = new BatchAppendReq { CorrelationId = id.ToWire() };
                bytes = 0;
            }

            request.ProposedMessages.Add(new BatchAppendReq.Types.ProposedMessage
            {
                Id = one.EventId.ToWire(),
                Metadata = { { "type", one.Type }, { "content-type", one.ContentType } },
                CustomMetadata = UnsafeByteOperations.UnsafeWrap(one.Metadata),
                Data = UnsafeByteOperations.UnsafeWrap(one.Data),
            });
            bytes += one.Metadata.Length + one.Data.Length + EventOverhead;
        }

        request.IsFinal = true;
        yield return request;
    }

    public static StreamIdentifier Name(string stream) => new() { StreamName = ByteString.CopyFromUtf8(stream) };
}
