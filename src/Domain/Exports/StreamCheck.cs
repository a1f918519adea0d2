namespace EventSourcedStreams.Domain;

/// <summary>A stream's events as they pass, checked as <c>audit verify</c> checks them; the first finding ends
/// it.</summary>
internal sealed class StreamCheck(StreamPrefix prefix, StreamId stream) : IDisposable
{
    private readonly StreamVerifier verifier = new(stream, finding => throw Damage(prefix.Text(stream), finding));

    /// <summary>Of the last event that was taken.</summary>
    public StreamHead Head => verifier.Hash is { } hash ? new StreamHead(Revision.From(verifier.Revision), hash) : StreamHead.None;

    /// <exception cref="LogDamagedException">Names the event that cannot be what was written here.</exception>
    public void Check(StoredEvent stored) => verifier.Check(stored);

    public void Dispose() => verifier.Dispose();

    private static LogDamagedException Damage(string name, Finding finding) =>
        new(name, finding.Revision, $"expected {finding.Expected}, found {finding.Found}");
}
