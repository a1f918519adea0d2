namespace EventSourcedStreams.Client;

/// <summary>An answer's body, which is lost when nothing comes of it for too long: a connection that died in silence
/// would be waited on for ever.</summary>
internal sealed class QuietStream(Stream inner, Deadline quiet) : ReadOnlyStream
{
    /// <summary>Whether a byte has come.</summary>
    public bool HasBegun { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        quiet.Extend();
        var read = await inner.ReadAsync(buffer, quiet.Token).ConfigureAwait(false);
        HasBegun |= read > 0;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
