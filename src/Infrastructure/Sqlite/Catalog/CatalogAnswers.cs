using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>What a list shows, against what was asked for.</summary>
internal static class CatalogAnswers
{
    /// <summary>Rows come by way of an index, and an index may be damaged where the rows are not.</summary>
    public static void Require(List<CatalogRow> rows, CatalogQuery query)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var stream = rows[i].Summary;
            var isAsked = (query.Status is not { } status || (stream.Status == status && stream is { IsDamaged: false, HasBegun: true }))
                && query.Labels.All(label => stream.Labels[label.Key] == label.Value);
            if (!isAsked || (i > 0 && rows[i].Place.CompareTo(rows[i - 1].Place) >= 0))
                throw CatalogFile.Unsound("An index names a row that it should not.");
        }
    }
}
