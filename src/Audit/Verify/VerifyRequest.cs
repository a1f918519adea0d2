using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>What the command line asks of <c>verify</c>.</summary>
/// <param name="Ids">None: all.</param>
/// <param name="IsCopy">The statements are of the log that this one was copied from.</param>
internal sealed record VerifyRequest(
    string[] Ids, string? Sign, string? Out, string? Previous, string[] Against, string[] Keys, bool IsCopy)
{
    public bool IsAll => Ids.Length == 0;

    /// <summary>What is to be compared with, oldest first.</summary>
    public IReadOnlyList<string> Statements => Previous is { } previous ? [previous] : Against;

    /// <exception cref="AuditException">It contradicts itself.</exception>
    public void Require(bool isAll)
    {
        if (isAll && !IsAll) throw new AuditException("Name streams, or give --all; not both.");
        if (Sign is not null && !IsAll) throw new AuditException("A statement is of all streams. Leave the names away.");
        if (Sign is not null && Against.Length > 0)
            throw new AuditException("--sign with --previous checks against the statement before; --against is for checking without signing.");
        if (Sign is null && (Out ?? Previous) is not null) throw new AuditException("--out and --previous go with --sign KEY.");
        if (Keys.Length > 0 && Statements.Count == 0) throw new AuditException("--key goes with --against or --previous.");
        if (IsCopy && Statements.Count == 0) throw new AuditException("--copy goes with --against or --previous.");
        if (Ids.FirstOrDefault(id => id.Length is 0 or > StreamId.MaxChars) is { } bad)
            throw new AuditException($"A stream's id has 1 to {StreamId.MaxChars} characters; '{bad}' has {bad.Length}.");
    }
}
