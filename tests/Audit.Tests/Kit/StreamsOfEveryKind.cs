using System.Text;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Streams of every kind of ending, in any letters; the same seed gives the same events, but for their
/// ids.</summary>
internal sealed class StreamsOfEveryKind(int seed)
{
    private static readonly string[] Pieces =
    [
        "a", "Hello. ", "é", "你好。", "👩‍💻", "\u2028", "\r\n", "\"", "\\", "\t", "\u0001", "\u0000", "\u007f", "\uFFFD", "\uFEFF", "\uE000", "𝄞", "{}", "\u202E",
    ];

    private readonly Random random = new(seed);

    public async Task WriteAsync(IEventStore log, int streams)
    {
        for (var i = 0; i < streams; i++) await WriteAsync(log, $"s-{i}~{seed}.x");
    }

    private async Task WriteAsync(IEventStore log, string id)
    {
        var stream = new StreamId(id);
        var head = StreamHead.None;
        var isStarted = false;
        foreach (var events in Appends(id))
        {
            isStarted |= events[0] is StreamEvent.StreamStarted;
            var context = new EventContext(Node, isStarted ? 1 : 0, Text(2) + "x", random.Next(2) == 0 ? null : Text(3));
            var encoded = StreamCodec.Encode(new Append(new AppendId(Guid.NewGuid()), stream, head, events, context));
            (await log.AppendAsync(StreamPrefix.Default.Text(stream), ExpectedRevision.Exactly(head.Revision), encoded.Events, default))
                .Should().BeOfType<AppendOutcome.Appended>();
            head = encoded.Head;
            if (events[^1] is StreamEvent.StreamDeleted && random.Next(4) > 0)
            {
                await log.TombstoneAsync(
                    StreamPrefix.Default.Text(stream), ExpectedRevision.Any, new EventId(Guid.NewGuid()), TombstoneMetadata.Write(new Deletion(Text(2), Noon, head)), default);
            }
        }
    }

    private IEnumerable<StreamEvent[]> Appends(string id)
    {
        var labels = random.Next(2) == 0 ? Labels.None : Labels.From([new("name", Text(3)), new("other", "")]);
        yield return [Created(id, labels, input: random.Next(2) == 0 ? null : """{ "prompt" : "1.0é\u00e9", "n":1.50 }""", at: Noon.AddTicks(random.Next()))];
        var (length, chunks, status) = (0L, 0, StreamStatus.Pending);
        if (random.Next(5) > 0)
        {
            status = StreamStatus.Streaming;
            yield return [Started()];
            for (var appends = random.Next(4); appends > 0; appends--)
            {
                var texts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(random.Next(1, 30)) + "x").ToList();
                var events = new List<StreamEvent>();
                foreach (var text in texts)
                {
                    events.Add(Chunk(chunks++, length, text, Noon.AddMilliseconds(chunks)));
                    length += Encoding.UTF8.GetByteCount(text);
                }

                yield return [.. events];
            }
        }

        StreamEvent? ending = (random.Next(5), status) switch
        {
            (0, StreamStatus.Streaming) => Completed(length, chunks),
            (1, StreamStatus.Streaming) => Failed("provider", Text(9), length, chunks),
            (2, _) => TimedOut(length, chunks),
            (3, _) => Cancelled(Text(5), length, chunks),
            _ => null,
        };
        if (ending is not null) yield return [ending];
        if (random.Next(4) == 0 && (ending is not null || status == StreamStatus.Pending))
            yield return [Deleted(StatusAfter(ending), length, chunks)];
    }

    private static StreamStatus StatusAfter(StreamEvent? ending) => ending switch
    {
        StreamEvent.StreamCompleted => StreamStatus.Done,
        StreamEvent.StreamFailed => StreamStatus.Error,
        StreamEvent.StreamTimedOut => StreamStatus.Timeout,
        StreamEvent.StreamCancelled => StreamStatus.Cancelled,
        _ => StreamStatus.Pending,
    };

    private string Text(int pieces) => string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
