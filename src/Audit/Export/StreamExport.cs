using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Export;

/// <summary>What is exported.</summary>
/// <param name="Ids">None: all.</param>
/// <param name="Running">Those that have not ended too, up to what is there.</param>
/// <param name="Damaged">Damaged ones too, said to be so: an import refuses them.</param>
internal sealed record ExportChoice(IReadOnlyCollection<string> Ids, bool Running, bool Damaged);

/// <summary>Writes streams of a store as an export. One small entry a stream is in memory, to bring them into their
/// order; of their events a page.</summary>
internal sealed class StreamExport(Store store, ExportChoice choice, ExportWriter writer)
{
    private const int NotesAtATime = 64;

    /// <summary>Left out because they have not ended.</summary>
    public long Running { get; private set; }

    /// <exception cref="LogDamagedException">A stream is damaged, and such were not asked for.</exception>
    /// <exception cref="AuditException">A stream that was named has not ended, and such were not asked for.</exception>
    public async Task<ExportManifest> RunAsync(Advance advance, CancellationToken ct)
    {
        var entries = await store.SelectAsync(choice.Ids, ct).ToListAsync(ct);
        entries.Sort(static (one, other) => Utf8Order.Instance.Compare(one.Id, other.Id));
        writer.Begin();
        for (var i = 0; i < entries.Count; i++)
        {
            advance.To(i, entries.Count);
            await WriteAsync(entries[i], ct);
        }

        return writer.End();
    }

    private async Task WriteAsync(StreamEntry entry, CancellationToken ct)
    {
        if (!choice.Running && await IsRunningAsync(entry, ct))
        {
            if (choice.Ids.Count > 0) throw new AuditException($"Stream {entry.Id} has not ended. Give --running to export what is there.");
            Running++;
            return;
        }

        var damage = choice.Damaged ? await DamageAsync(entry, ct) : null;
        var items = damage is null ? store.ItemsAsync(entry, ct) : store.DamagedItemsAsync(entry.Id, damage, ct);
        try
        {
            await foreach (var item in items) writer.Write(item);
        }
        catch (ExportLineTooLongException e)
        {
            throw new AuditException(e.Message, ExitCode.CannotRead, e);
        }
        catch (StreamGoneException e)
        {
            throw new AuditException($"Stream {entry.Id} was deleted while it was being exported. Run it again.", ExitCode.CannotRead, e);
        }
    }

    private async Task<string?> DamageAsync(StreamEntry entry, CancellationToken ct)
    {
        try
        {
            await foreach (var _ in store.ItemsAsync(entry, ct)) { }
            return null;
        }
        catch (LogDamagedException e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether the last event that is no note leaves the stream open. A type that is not known is exported,
    /// and judged there.</summary>
    private async Task<bool> IsRunningAsync(StreamEntry entry, CancellationToken ct)
    {
        if (entry.IsTombstoned) return false;
        try
        {
            var read = await BackwardAsync(entry.Id, long.MaxValue, maxCount: 1, ct);
            while (read is StoreRead.Page { Events: [.., var first] } page)
            {
                if (page.Events.FirstOrDefault(stored => EventKinds.KindOf(stored.Type) != EventKind.Note) is { } last) return IsOpenAfter(last.Type);
                if (page.AtEnd) return false;
                read = await BackwardAsync(entry.Id, first.Revision - 1, NotesAtATime, ct);
            }

            return false;
        }
        catch (LogDamagedException)
        {
            return false;
        }
    }

    private static bool IsOpenAfter(string type) =>
        EventKinds.KindOf(type) is EventKind.Content or EventKind.Lifecycle && !EventKinds.IsEnding(type) && type != StoredTypes.StreamDeleted;

    private Task<StoreRead> BackwardAsync(StreamId stream, long from, int maxCount, CancellationToken ct) =>
        store.Bytes.ReadAsync(store.Prefix.Text(stream), from, forward: false, maxCount, ReadFrom.Leader, ct);
}
