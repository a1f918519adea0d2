using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>A stream's last event, within the writer's transaction.</summary>
internal sealed class LastEvent(Database database)
{
    private readonly RepeatedTexts texts = new();

    private readonly Statement row = database.Prepare(
        StreamIndex.Rows(EventRow.Columns, "i.stream = ?1 AND i.revision = ?2", "1 LIMIT 1"));

    /// <returns>Null where the index has lost it: a read says so better.</returns>
    public StoredEvent? Read(KnownHead head, string stream)
    {
        try
        {
            return row.Bind(1, head.Id).Bind(2, head.Revision).Step() ? row.ReadAs(texts, head.Id, stream, head.Revision) : null;
        }
        finally
        {
            row.Reset();
        }
    }
}
