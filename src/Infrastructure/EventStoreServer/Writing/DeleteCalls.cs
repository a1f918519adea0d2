using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Delete hides a stream until its next event; Tombstone ends it for ever.</summary>
internal static class DeleteCalls
{
    public static async Task<DeleteResp> DeleteAsync(SqliteEventStore log, DeleteReq request, CancellationToken ct)
    {
        var options = request.Options ?? throw Refused.Unusable();
        var stream = StreamNames.ReadDeletable(options.StreamIdentifier);
        var expected = ExpectedRevisions.Read(
            options.HasRevision ? options.Revision : null, options.NoStream, options.Any, options.StreamExists,
            "DeleteReq+Types+Options+ExpectedStreamRevisionOneofCase");
        var done = Done(stream, expected, await log.DeleteAsync(stream, expected, ct));
        return new DeleteResp
        {
            Position = new DeleteResp.Types.Position { CommitPosition = done.Position.Commit, PreparePosition = done.Position.Prepare },
        };
    }

    public static async Task<TombstoneResp> TombstoneAsync(SqliteEventStore log, TombstoneReq request, CancellationToken ct)
    {
        var options = request.Options ?? throw Refused.Unusable();
        var stream = StreamNames.ReadDeletable(options.StreamIdentifier);
        var expected = ExpectedRevisions.Read(
            options.HasRevision ? options.Revision : null, options.NoStream, options.Any, options.StreamExists,
            "TombstoneReq+Types+Options+ExpectedStreamRevisionOneofCase");
        var id = new EventId(Guid.NewGuid());
        var done = Done(stream, expected, await log.TombstoneAsync(stream, expected, id, default, ct));
        return new TombstoneResp
        {
            Position = new TombstoneResp.Types.Position { CommitPosition = done.Position.Commit, PreparePosition = done.Position.Prepare },
        };
    }

    private static AppendOutcome.Appended Done(string stream, ExpectedRevision expected, AppendOutcome result) => result switch
    {
        AppendOutcome.Appended appended => appended,
        AppendOutcome.Lost conflict => throw Refused.WrongExpectedVersion(stream, expected, conflict.Actual),
        AppendOutcome.Deleted => throw Refused.StreamDeleted(stream),
        _ => throw Refused.NotAvailable(),
    };
}
