using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>A statement that has been read, without its streams.</summary>
/// <param name="Sha256">Of the whole file, hexadecimal: what the next statement names.</param>
/// <param name="Faults">Why it proves nothing: its signature or its digest does not fit.</param>
internal sealed record Statement(
    string File, StatementHeader Header, StatementTotals? Totals, string Sha256, bool IsKeyGiven, IReadOnlyList<StatementFault> Faults);

internal sealed record StatementFault(string Expected, string Found);

/// <summary>What one statement says of one stream.</summary>
/// <param name="MadeAt">When the statement was made, by its auditor's clock.</param>
/// <param name="Head">Null where it was not known.</param>
/// <param name="Earlier">What the statement before says, where that is something else.</param>
internal sealed record StatedStream(
    DateTimeOffset MadeAt, StreamHead? Head, StreamStatus? Status, bool IsTombstoned, Deletion? Deletion, StatedStream? Earlier)
{
    public bool Matches(StatedStream other) =>
        (Head, Status, IsTombstoned, Deletion) == (other.Head, other.Status, other.IsTombstoned, other.Deletion);
}
