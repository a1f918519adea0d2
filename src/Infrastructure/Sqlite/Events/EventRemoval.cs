namespace EventSourcedStreams.Sqlite;

/// <summary>Takes an event out of the log and of its index, in the open transaction.</summary>
internal sealed class EventRemoval(Database database)
{
    private readonly Statement log = database.Prepare("DELETE FROM log WHERE position = ?1");
    private readonly Statement settled = database.Prepare("DELETE FROM settled WHERE stream = ?1 AND revision = ?2");
    private readonly Statement recent = database.Prepare("DELETE FROM recent WHERE stream = ?1 AND revision = ?2");

    public void Remove(long stream, long revision, long position)
    {
        log.Bind(1, position).Run();
        settled.Bind(1, stream).Bind(2, revision).Run();
        recent.Bind(1, stream).Bind(2, revision).Run();
    }
}
