using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How much text a follower has that goes on behind a cursor, in UTF-16 code units.</summary>
internal static class CharsBefore
{
    /// <param name="upTo">A revision that is there, or none.</param>
    /// <exception cref="LogUnavailableException">The log does not answer, or does not have it yet.</exception>
    public static async Task<long> CountAsync(EngineAccess access, StreamId stream, Revision upTo, CancellationToken ct)
    {
        if (upTo == Revision.None) return 0;
        var point = await access.Current.Summaries.FindAsync(stream, upTo, ct) ?? throw new LogUnavailableException("What the client has is not there.");
        return await TextChars.CountAsync(access.Texts, point, ct);
    }
}
