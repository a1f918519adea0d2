using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Import;

/// <summary>One transaction on an embedded log.</summary>
internal sealed class ImportTarget(SqliteImport import) : ICopyTarget
{
    public IEventStoreReader Present => import.Before;

    public Task<AppendOutcome> AppendAsync(string stream, long first, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Task.FromResult(import.Append(stream, ExpectedRevision.Exactly(Revision.From(first - 1)), events));

    public Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct)
    {
        import.Tombstone(stream, id, metadata);
        return Task.CompletedTask;
    }

    /// <summary>The import is the only writer there, and what the transaction wrote cannot be read before its
    /// end.</summary>
    public Task<bool> EndsWithAsync(StoredEvent last, CancellationToken ct) => Task.FromResult(true);
}
