using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Says what would be done.</summary>
internal sealed class DryRunTarget(IByteLogReader? present) : ICopyTarget
{
    public IByteLogReader? Present => present;

    public Task<ByteAppendResult> AppendAsync(string stream, long first, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
        Task.FromResult<ByteAppendResult>(new ByteAppendResult.Appended(first + events.Count - 1, LogPosition.Start));

    public Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) => Task.CompletedTask;

    public Task<bool> EndsWithAsync(StoredEvent last, CancellationToken ct) => Task.FromResult(true);
}
