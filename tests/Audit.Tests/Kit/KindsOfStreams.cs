using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>One stream of every kind, each with the times and texts that tests know.</summary>
internal static class KindsOfStreams
{
    public static async Task WriteAllAsync(TempFolder folder)
    {
        await using var log = await folder.OpenLogAsync();
        await log.WriteAsync(
            "done",
            Created("done", Labels.From([new("user", "42")]), input: """{"prompt":"Say <b>hello</b>"}"""),
            Started(Noon.AddSeconds(1)),
            Chunk(0, 0, "One. ", Noon.AddSeconds(2)) with { Since = Noon.AddSeconds(1.5) },
            Chunk(1, 5, "Two 👩‍👩‍👧.\r\n", Noon.AddSeconds(4)) with { Since = Noon.AddSeconds(3) },
            Completed(30, 2, Noon.AddSeconds(5)));
        await log.WriteAsync("cancelled", Created("cancelled"), Started(), Chunk(0, 0, "Stop"), Cancelled("seen enough", 4, 1));
        await log.WriteAsync("failed", Created("failed"), Started(), Chunk(0, 0, "Half"), Failed("source-failed", "It <broke>.", 4, 1));
        await log.WriteAsync("silent", Created("silent"), TimedOut());
        await log.WriteAsync("running", Created("running"), Started(), Chunk(0, 0, "Goes on"));
        await log.WriteAsync("waiting", Created("waiting"));
        await log.WriteAsync("gone", Created("gone"), Started(), Completed());
        await log.TombstoneAsync(
            "text-gone",
            ExpectedRevision.Any,
            new EventId(Guid.NewGuid()),
            Domain.TombstoneMetadata.Write(new Deletion("bob", Noon.AddHours(1), new StreamHead(Revision.From(2), ChainHash.Origin))),
            default);
        await log.WriteAsync("broken", Created("broken"), Started(), Chunk(0, 0, "true"), Chunk(1, 4, " more"), Completed(9, 2));
    }

    /// <summary>Changes a word of <c>broken</c>, as SQLite's own tool could.</summary>
    public static void Break(TempFolder folder) =>
        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'true', 'fals') AS BLOB) WHERE type = 'ChunkPersisted'");
}
