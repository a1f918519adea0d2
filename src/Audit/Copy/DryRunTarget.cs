using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Says what would be done.</summary>
internal sealed class DryRunTarget(IEventStoreReader? present) : ICopyTarget
{
    public IEventStoreReader? Present => present;

    public Task<AppendOutcome> AppendAsync(string stream, long first, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Task.FromResult<AppendOutcome>(new AppendOutcome.Appended(first + events.Count - 1, LogPosition.Start));

    public Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) => Task.CompletedTask;

    public Task<bool> EndsWithAsync(StoredEvent last, CancellationToken ct) => Task.FromResult(true);
}
