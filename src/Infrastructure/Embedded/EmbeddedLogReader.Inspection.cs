using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure.Embedded;

namespace EventSourcedStreams.Infrastructure;

/// <summary>What only a verification asks: what stands in the tables, whatever they say of each other.</summary>
public sealed partial class EmbeddedLogReader
{
    /// <summary>Null where no place knows the name.</summary>
    internal Task<FoundName?> FindNameAsync(string name, CancellationToken ct) =>
        readers.RunAsync(name, null, reader => reader.FindName(name), ct);

    /// <summary>One page; see <see cref="StreamRows"/>.</summary>
    internal Task<InspectedPage> InspectAsync(FoundName stream, long after, CancellationToken ct) =>
        readers.RunAsync(stream.Name, null, reader => reader.Inspect(stream.Id, stream.Name, after), ct);

    /// <summary>All names of a prefix, in the order in which the streams began; last those that only the second table of names has.</summary>
    /// <exception cref="LogDamagedException">Some cannot be read; it comes after all that can.</exception>
    internal async IAsyncEnumerable<FoundName> NamesAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        LogDamagedException? damage = null;
        for (var page = await TryAsync(0); page is [.., var last]; page = await TryAsync(last.Id))
            foreach (var found in page)
                if (found.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return found;

        var lost = await NamesAsync(reader => reader.LostNames(after: ""), ct).ConfigureAwait(false);
        for (; lost is [.., var last]; lost = await NamesAsync(reader => reader.LostNames(last.Name), ct).ConfigureAwait(false))
            foreach (var found in lost)
                if (found.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return found;
        if (damage is not null) throw damage;

        async Task<IReadOnlyList<FoundName>> TryAsync(long after)
        {
            try
            {
                return await NamesAsync(reader => reader.Names(after), ct).ConfigureAwait(false);
            }
            catch (LogDamagedException e)
            {
                damage = e;
                return [];
            }
        }
    }

    /// <summary>Where the tables contradict each other, at most <paramref name="max"/> of each kind; see <see cref="TableCheck"/>.</summary>
    internal Task<IReadOnlyList<TableDamage>> TablesAsync(int max, CancellationToken ct) =>
        Task.Factory.StartNew(
            () => TableCheck.Run(access.File, max, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
