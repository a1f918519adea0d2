using System.Runtime.CompilerServices;

namespace EventSourcedStreams.Sqlite;

/// <summary>What only a verification asks: what stands in the tables, whatever they say of each other.</summary>
internal sealed partial class SqliteEventStoreReader
{
    /// <summary>Null where no place knows the name.</summary>
    internal Task<FoundName?> FindNameAsync(string name, CancellationToken ct) =>
        readers.RunAsync(name, null, reader => reader.FindName(name), ct);

    /// <summary>One page; see <see cref="StreamRows"/>.</summary>
    internal Task<InspectedPage> InspectAsync(FoundName stream, long after, CancellationToken ct) =>
        readers.RunAsync(stream.Name, null, reader => reader.Inspect(stream.Id, stream.Name, after), ct);

    /// <summary>All names of a prefix, in the order in which the streams began; last those that only the second table
    /// of names has.</summary>
    /// <exception cref="LogDamagedException">Some cannot be read; it comes after all that can.</exception>
    internal async IAsyncEnumerable<FoundName> NamesAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        LogDamagedException? damage = null;
        await using (var known = KnownAsync(prefix, ct).GetAsyncEnumerator(ct))
            while (await NextAsync(known).ConfigureAwait(false)) yield return known.Current;
        await foreach (var found in LostAsync(prefix, ct).ConfigureAwait(false)) yield return found;
        if (damage is not null) throw damage;

        async ValueTask<bool> NextAsync(IAsyncEnumerator<FoundName> names)
        {
            try
            {
                return await names.MoveNextAsync().ConfigureAwait(false);
            }
            catch (LogDamagedException e)
            {
                damage = e;
                return false;
            }
        }
    }

    /// <summary>Where the tables contradict each other, at most <paramref name="max"/> of each kind; see
    /// <see cref="TableCheck"/>.</summary>
    internal Task<IReadOnlyList<TableDamage>> TablesAsync(int max, CancellationToken ct) =>
        Task.Factory.StartNew(
            () => TableCheck.Run(access.File, max, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
