using System.Runtime.CompilerServices;
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
    internal async IAsyncEnumerable<FoundName> NamesAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = await NamesAsync(reader => reader.Names(after: 0), ct).ConfigureAwait(false);
        for (; page is [.., var last]; page = await NamesAsync(reader => reader.Names(last.Id), ct).ConfigureAwait(false))
            foreach (var found in page)
                if (found.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return found;

        page = await NamesAsync(reader => reader.LostNames(after: ""), ct).ConfigureAwait(false);
        for (; page is [.., var last]; page = await NamesAsync(reader => reader.LostNames(last.Name), ct).ConfigureAwait(false))
            foreach (var found in page)
                if (found.Name.StartsWith(prefix, StringComparison.Ordinal)) yield return found;
    }

    /// <summary>Where the tables contradict each other, at most <paramref name="max"/> of each kind; see <see cref="TableCheck"/>.</summary>
    internal Task<IReadOnlyList<TableDamage>> TablesAsync(int max, CancellationToken ct) =>
        Task.Factory.StartNew(
            () => TableCheck.Run(access.File, max, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
