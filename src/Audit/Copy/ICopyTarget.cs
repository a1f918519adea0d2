using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Where streams go: a log, one transaction on an embedded log, or nowhere (a dry run).</summary>
internal interface ICopyTarget
{
    /// <summary>What was there before; null where there is no log yet.</summary>
    IEventStoreReader? Present { get; }

    /// <summary>Appended, conflict or deleted; a repeat is known by its ids.</summary>
    /// <exception cref="AuditException">Whether it was written could not be found out.</exception>
    Task<AppendOutcome> AppendAsync(string stream, long first, IReadOnlyList<NewEvent> events, CancellationToken ct);

    Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct);

    /// <summary>Whether a stream's last event is this one, as far as the target can say so by now.</summary>
    Task<bool> EndsWithAsync(StoredEvent last, CancellationToken ct);
}
