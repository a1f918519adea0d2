using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Verifies a store stream by stream, in memory that does not grow with it. Findings are told as they are
/// found.</summary>
/// <param name="follow">Gives for each stream the observer of its events' revisions and hashes, in order; null for
/// none.</param>
internal sealed class StoreVerification(Store store, Action<Finding> report, Func<StreamId, Action<long, ChainHash>?> follow) : IVerification
{
    /// <summary>Lines of SQLite's own check, and contradictions of one kind, that are told: a file that is broken has
    /// many.</summary>
    private const int MaxOfAKind = 1000;

    public async IAsyncEnumerable<VerifiedStream> StreamsAsync(
        IReadOnlySet<StreamId>? only, [EnumeratorCancellation] CancellationToken ct)
    {
        if (only is null)
        {
            await foreach (var verified in AllAsync(ct)) yield return verified;
            yield break;
        }

        foreach (var id in only)
            if (await OneAsync(id, ct) is { } verified) yield return verified;
    }

    /// <summary>Every text stream of the prefix, in the order in which they began; then, on an embedded log, what its
    /// tables and SQLite itself say.</summary>
    public async IAsyncEnumerable<VerifiedStream> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (store.Embedded is { } embedded)
        {
            Report(embedded.SchemaDifferences, report);
            await foreach (var verified in EmbeddedAsync(embedded, ct)) yield return verified;
            await new ServiceStreams(embedded, store.Prefix, report).VerifyAsync(ct);
            foreach (var damage in await embedded.TablesAsync(MaxOfAKind, ct))
                report(new Finding(FindingCode.Tables, Named(damage.Stream), damage.Revision, damage.Expected, damage.Found));
            foreach (var line in await embedded.IntegrityAsync(MaxOfAKind, ct))
                report(new Finding(FindingCode.Database, null, null, "a sound database", line));
            yield break;
        }

        await foreach (var entry in store.StreamsAsync(ct))
            yield return await StoredStreamReader.VerifyAsync(store, entry, report, follow(entry.Id), ct);
    }

    /// <summary>Where a log's tables, indexes, views and triggers are not those that this program makes.</summary>
    public static void Report(IReadOnlyList<SchemaDifference> differences, Action<Finding> report)
    {
        foreach (var difference in differences) report(new Finding(FindingCode.Tables, null, null, difference.Expected, difference.Found));
    }

    /// <returns>Null where the store knows no such stream: that is the caller's to judge.</returns>
    public async Task<VerifiedStream?> OneAsync(StreamId id, CancellationToken ct)
    {
        var name = store.Prefix.Text(id);
        if (store.Embedded is { } embedded)
        {
            return await embedded.FindNameAsync(name, ct) is { } found
                ? await EmbeddedAsync(embedded, id, found, ct)
                : null;
        }

        return await store.Bytes.ReadAsync(name, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct) switch
        {
            StoreRead.Page page => await StoredStreamReader.VerifyAsync(
                store, new StreamEntry(id, page.Events is [var last] ? last.Revision : null, false, null), report, follow(id), ct),
            StoreRead.Tombstoned => await StoredStreamReader.VerifyAsync(store, await store.TombstonedAsync(id, ct), report, null, ct),
            _ => null,
        };
    }

    private async IAsyncEnumerable<VerifiedStream> EmbeddedAsync(SqliteEventStoreReader embedded, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var names = embedded.NamesAsync(store.Prefix.Texts, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(names))
        {
            var found = names.Current;
            if (store.Prefix.TryGetText(found.Name, out var id)) yield return await EmbeddedAsync(embedded, id, found, ct);
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<FoundName> names)
    {
        try
        {
            return await names.MoveNextAsync();
        }
        catch (LogDamagedException e)
        {
            report(new Finding(
                FindingCode.Tables, null, null, "the names of all streams", $"some cannot be read, nor what they name verified: {e.What}"));
            return false;
        }
    }

    private Task<VerifiedStream> EmbeddedAsync(SqliteEventStoreReader embedded, StreamId id, FoundName found, CancellationToken ct) =>
        new EmbeddedStreamReader((after, token) => embedded.InspectAsync(found, after, token), id, report).VerifyAsync(follow(id), ct);

    private string? Named(string? stream) => stream is not null && store.Prefix.TryGetText(stream, out var id) ? id.Value : stream;
}
