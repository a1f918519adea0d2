using System.Text.Json;

namespace EventStore.Client.Tests.Recorded;

/// <summary>Compares a message with the recording, field by field.</summary>
internal static class ReadMessage
{
    public static void Check(StreamMessage message, JsonElement recorded)
    {
        switch (recorded.GetProperty("content").GetString())
        {
            case "event":
                Check(message.Should().BeOfType<StreamMessage.Event>().Which.ResolvedEvent, recorded.GetProperty("event"));
                break;
            case "confirmation":
                message.Should().Be(new StreamMessage.SubscriptionConfirmation(
                    recorded.GetProperty("confirmation").GetProperty("subscription_id").GetString()!));
                break;
            case "checkpoint":
                message.Should().Be(new StreamMessage.AllStreamCheckpointReached(At(recorded.GetProperty("checkpoint"))));
                break;
            case "stream_not_found":
                message.Should().BeOfType<StreamMessage.NotFound>();
                break;
            case "first_stream_position":
                message.Should().Be(new StreamMessage.FirstStreamPosition(new StreamPosition(Number(recorded, "first_stream_position"))));
                break;
            case "last_stream_position":
                message.Should().Be(new StreamMessage.LastStreamPosition(new StreamPosition(Number(recorded, "last_stream_position"))));
                break;
            case "last_all_stream_position":
                message.Should().Be(new StreamMessage.LastAllStreamPosition(At(recorded.GetProperty("last_all_stream_position"))));
                break;
            case "caught_up":
                message.Should().BeOfType<StreamMessage.CaughtUp>();
                break;
            case var other:
                throw new InvalidOperationException($"No test knows {other}.");
        }
    }

    private static void Check(ResolvedEvent read, JsonElement recorded)
    {
        if (recorded.TryGetProperty("event", out var original)) Check(read.Event, original);
        else read.Event.Should().BeNull();
        if (recorded.TryGetProperty("link", out var link)) Check(read.Link!, link);
        else read.Link.Should().BeNull();
        var position = recorded.TryGetProperty("commit_position", out _) ? Number(recorded, "commit_position") : (ulong?)null;
        read.CommitPosition.Should().Be(position);
    }

    private static void Check(EventRecord record, JsonElement recorded)
    {
        var metadata = recorded.GetProperty("metadata");
        var id = recorded.GetProperty("id");
        record.EventId.Should().Be(id.TryGetProperty("string", out var text)
            ? Uuid.FromGuid(Guid.Parse(text.GetString()!))
            : Uuid.FromWire(new()
            {
                Structured = new()
                {
                    MostSignificantBits = long.Parse(id.GetProperty("structured").GetProperty("most_significant_bits").GetString()!),
                    LeastSignificantBits = long.Parse(id.GetProperty("structured").GetProperty("least_significant_bits").GetString()!),
                },
            }));
        record.EventStreamId.Should().Be(System.Text.Encoding.UTF8.GetString(
            recorded.GetProperty("stream_identifier").GetProperty("stream_name").GetBytesFromBase64()));
        record.EventNumber.ToUInt64().Should().Be(Number(recorded, "stream_revision"));
        record.Position.Should().Be(At(recorded));
        record.EventType.Should().Be(metadata.GetProperty("type").GetString());
        record.ContentType.Should().Be(metadata.GetProperty("content-type").GetString());
        record.Created.Should().Be(DateTime.UnixEpoch.AddTicks(long.Parse(metadata.GetProperty("created").GetString()!)));
        record.Data.ToArray().Should().Equal(Bytes(recorded, "data"));
        record.Metadata.ToArray().Should().Equal(Bytes(recorded, "custom_metadata"));
    }

    private static byte[] Bytes(JsonElement data, string name) => data.TryGetProperty(name, out var bytes) ? bytes.GetBytesFromBase64() : [];

    private static Position At(JsonElement at) => new(Number(at, "commit_position"), Number(at, "prepare_position"));

    private static ulong Number(JsonElement data, string name) =>
        data.TryGetProperty(name, out var number) ? ulong.Parse(number.GetString()!) : 0;
}
