using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>Writers that append to a stream of their own, and wait for it before the next.</summary>
/// <param name="batch">What is appended at a time; one event with its metadata unless another is named.</param>
internal sealed class EngineAppends(int writers, TimeSpan duration, string prefix = "text-", Func<NewEvent[]>? batch = null)
{
    public static readonly byte[] Data = Enumerable.Repeat((byte)'d', 200).ToArray();
    public static readonly byte[] Metadata = Enumerable.Repeat((byte)'m', 120).ToArray();

    public async Task<int> RunAsync(IEventStore log)
    {
        var begun = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(() => WriteAsync(log, Name(i, prefix), begun))));
        return counts.Sum();
    }

    public static string Name(int stream, string prefix = "text-") => $"{prefix}0198c5e2-7d5a-7000-8000-{stream * 7919:x12}";

    public static NewEvent Event() => Event(Data, Metadata);

    public static NewEvent Event(byte[] data, byte[] metadata) =>
        new(NextId(), "ChunkPersisted", "application/json", data, metadata);

    /// <summary>Not from the system's generator: a call of it for each event is the load's cost, not the
    /// log's.</summary>
    private static EventId NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        return new EventId(new Guid(bytes));
    }

    private async Task<int> WriteAsync(IEventStore log, string stream, long begun)
    {
        var expected = ExpectedRevision.Any;
        var events = 0;
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            var next = batch?.Invoke() ?? [Event()];
            if (await log.AppendAsync(stream, expected, next, CancellationToken.None) is not AppendOutcome.Appended appended)
                throw new InvalidOperationException("An append was not acknowledged.");
            expected = ExpectedRevision.Exactly(Revision.From(appended.Last));
            events += next.Length;
        }

        return events;
    }
}
