using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>What the servers say to each other, in streams of their own (the log's identity, heartbeats, requests):
/// that each event that is left of them can be read as what it is. They have no hash chain, and their old events
/// go.</summary>
internal sealed class ServiceStreams(SqliteEventStoreReader embedded, StreamPrefix prefix, Action<Finding> report)
{
    private const long BeforeAll = -2;

    public async Task VerifyAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var found in embedded.NamesAsync(prefix.Services, ct)) await VerifyAsync(found, ct);
        }
        catch (LogDamagedException)
        {
            // Names that cannot be read have been reported with those of the texts.
        }
    }

    private async Task VerifyAsync(FoundName stream, CancellationToken ct)
    {
        try
        {
            InspectedPage? page = null;
            for (var after = BeforeAll; page is not { AtEnd: true }; after = page.Rows[^1].Revision)
            {
                page = await embedded.InspectAsync(stream, after, ct);
                foreach (var row in page.Rows) Verify(stream.Name, row);
            }
        }
        catch (LogDamagedException e)
        {
            report(new Finding(FindingCode.Unreadable, stream.Name, e.Revision, "the stream's entries in the index", e.What));
        }
    }

    private void Verify(string stream, InspectedRow row)
    {
        if (row.Damage is { } damage)
        {
            report(row.Event is null
                ? new Finding(FindingCode.Unreadable, stream, row.Revision, "an event", damage)
                : new Finding(FindingCode.Tables, stream, row.Revision, "the kind that its type has", damage));
        }

        // The log's identity is read, and judged, before everything else.
        if (row.Event is not { IsTombstone: false } stored || EventKinds.KindOf(stored.Type) != EventKind.Service || stream == prefix.Log) return;
        try
        {
            ServiceCodec.Decode(stored);
        }
        catch (LogDamagedException e)
        {
            report(new Finding(FindingCode.Data, stream, row.Revision, $"a {stored.Type}", e.What));
        }
    }
}
