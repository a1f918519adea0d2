using EventSourcedStreams.Domain;
using Microsoft.Data.Sqlite;

namespace EventSourcedStreams.Sqlite;

/// <summary>What a list shows, against what was asked for. Rows come by way of an index, and an index may be damaged
/// where the rows are not.</summary>
internal static class CatalogAnswers
{
    public static void Require(List<CatalogRow> rows, CatalogQuery query)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var stream = rows[i].Summary;
            var isAsked = (query.Status is not { } status || (stream.Status == status && stream is { IsDamaged: false, HasBegun: true }))
                && Has(stream, query.Labels);
            if (!isAsked || (i > 0 && rows[i].Place.CompareTo(rows[i - 1].Place) >= 0)) throw Unsound();
        }
    }

    /// <param name="after">The id behind which the rows begin.</param>
    public static void RequireById(List<CatalogRow> rows, Labels labels, StreamId? after)
    {
        var before = after;
        foreach (var stream in rows.Select(row => row.Summary))
        {
            if (!Has(stream, labels) || (before is { } last && Utf8Order.Instance.Compare(last, stream.Id) >= 0)) throw Unsound();
            before = stream.Id;
        }
    }

    private static bool Has(StreamSummary stream, IEnumerable<KeyValuePair<string, string>> labels) =>
        labels.All(label => stream.Labels[label.Key] == label.Value);

    private static SqliteException Unsound() => CatalogFile.Unsound("An index names a row that it should not.");
}
