using System.Globalization;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Sends events; where the request asks for it, a link (type <c>$&gt;</c>, data <c>revision@stream</c>) with
/// what it leads to.</summary>
internal sealed class EventSender(SqliteEventStore log, ReadOutput output, bool resolveLinks)
{
    private const string LinkType = "$>";

    public ValueTask SendAsync(StoredEvent stored, CancellationToken ct) =>
        resolveLinks && stored.Type == LinkType ? ResolveAsync(stored, ct) : output.WriteAsync(stored, null, ct);

    private async ValueTask ResolveAsync(StoredEvent link, CancellationToken ct) =>
        await output.WriteAsync(await FindAsync(Encoding.UTF8.GetString(link.Data.Span), ct), link, ct);

    private async Task<StoredEvent?> FindAsync(string target, CancellationToken ct)
    {
        var at = target.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || !long.TryParse(target.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return null;
        var read = await log.ReadAsync(target[(at + 1)..], revision, forward: true, 1, ReadFrom.Leader, ct);
        return read is StoreRead.Page { Events: [var found] } && found.Revision == revision ? found : null;
    }
}
