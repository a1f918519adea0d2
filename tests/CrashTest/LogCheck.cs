using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.CrashTest;

/// <summary>Reads every stream from the log itself: the hash chain, the revisions, one terminal event, the same text as
/// over HTTP.</summary>
internal static class LogCheck
{
    public static async Task RunAsync(string folder, IReadOnlyCollection<CrashedStream> streams, List<string> findings)
    {
        await using var bytes = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder }, TimeProvider.System, NullLogger.Instance, default);
        var log = await StreamLog.OpenAsync(
            bytes, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, new NodeRun("check", "check"), default);
        foreach (var stream in streams)
        {
            StreamBody? body = null;
            var (state, endings) = ((StreamState)new StreamState.Missing(), 0);
            try
            {
                await foreach (var recorded in log.ReadAsync(new StreamId(stream.Id), Revision.None, ReadFrom.Leader, default))
                {
                    body = StreamBody.Apply(body, recorded);
                    state = StreamRules.Evolve(state, recorded.Event);
                    if (recorded.Event.IsEnding) endings++;
                }
            }
            catch (Exception e) when (e is LogDamagedException or System.Diagnostics.UnreachableException)
            {
                findings.Add(e.Message);
                continue;
            }

            if (endings != 1) findings.Add($"{stream.Id} has {endings} terminal events.");
            if (body?.Text.ToString() != stream.Text) findings.Add($"{stream.Id} reads differently over HTTP and from the log.");
        }
    }
}
