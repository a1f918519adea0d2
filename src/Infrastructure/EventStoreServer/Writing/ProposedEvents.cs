using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using Google.Protobuf;
using Google.Protobuf.Collections;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>The events of one append as they come in.</summary>
internal sealed class ProposedEvents
{
    /// <summary>EventStoreDB's default; clients know it by the refusal.</summary>
    public const int MaxAppendBytes = 1 << 20;

    private readonly List<NewEvent> events = [];
    private int payload;

    public IReadOnlyList<NewEvent> Events => events;

    public int Bytes { get; private set; }

    /// <summary>What its stream takes; null: anything, as far as the protocol does.</summary>
    public TextWrite? Rules { get; set; }

    /// <summary>The most bytes in one append.</summary>
    public int MaxBytes => Rules is null ? MaxAppendBytes : TextLimits.AppendBytes;

    /// <exception cref="Grpc.Core.RpcException">It is none, or the append becomes too large.</exception>
    public void Add(UUID? id, MapField<string, string> metadata, ByteString customMetadata, ByteString data)
    {
        if (!metadata.TryGetValue("type", out var type)) throw Refused.MissingMetadata("type");
        if (!metadata.TryGetValue("content-type", out var contentType)) throw Refused.MissingMetadata("content-type");
        if (Uuids.Read(id) is not { } read || read == Guid.Empty) throw Refused.Unusable();
        type = StreamNames.Type(type);
        Bytes += data.Length + customMetadata.Length + (type.Length * sizeof(char));
        payload += data.Length + customMetadata.Length;
        if (Bytes > MaxAppendBytes) throw Refused.TooLarge(MaxAppendBytes);
        if (Rules is not null && payload > MaxBytes) throw Refused.TooLarge(MaxBytes);
        var next = new NewEvent(new EventId(read), type, ContentTypes.Of(contentType), data.Memory, customMetadata.Memory);
        Rules?.Require(next);
        events.Add(next);
    }
}
