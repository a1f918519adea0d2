using System.Diagnostics;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventLogBench;

/// <summary>One append after another to one stream.</summary>
internal static class OneAppends
{
    private const int Appends = 2000;

    public static async Task<Load> RunAsync(IEventStore log, string stream, Func<NewEvent> next)
    {
        var took = new List<double>(Appends);
        for (var expected = ExpectedRevision.NoStream; took.Count < Appends;)
        {
            var begun = Stopwatch.GetTimestamp();
            if (await log.AppendAsync(stream, expected, [next()], CancellationToken.None) is not AppendOutcome.Appended appended)
                throw new InvalidOperationException("An append was not acknowledged.");
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
            expected = ExpectedRevision.Exactly(Revision.From(appended.Last));
        }

        return new Load(took.Count, took);
    }
}
