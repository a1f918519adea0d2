using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>From the moment an append is sent to the moment a follower of the stream has the event; then the next one
/// is sent.</summary>
internal static class Delivery
{
    private const int Events = 1000;

    public static async Task<Load> RunAsync(IEventStore log, string stream, Func<NewEvent> next)
    {
        var took = new List<double>(Events);
        await AppendAsync(log, stream, next());
        using var stop = new CancellationTokenSource();
        await using var follower = log.FollowAsync(stream, 0, stop.Token).GetAsyncEnumerator(stop.Token);
        await follower.MoveNextAsync();
        while (took.Count < Events)
        {
            var begun = Stopwatch.GetTimestamp();
            var appending = AppendAsync(log, stream, next());
            await follower.MoveNextAsync();
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
            await appending;
        }

        return new Load(took.Count, took);
    }

    private static async Task AppendAsync(IEventStore log, string stream, NewEvent one)
    {
        if (await log.AppendAsync(stream, ExpectedRevision.Any, [one], CancellationToken.None) is not AppendOutcome.Appended)
            throw new InvalidOperationException("An append was not acknowledged.");
    }
}
