namespace EventSourcedStreams.Client;

/// <summary>The bytes of one part, such as a file. Dispose it when they are read.</summary>
public sealed class PartContent : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly Deadline quiet;

    internal PartContent(HttpResponseMessage response, Stream bytes, Deadline quiet)
    {
        (this.response, this.quiet) = (response, quiet);
        Bytes = new QuietStream(bytes, quiet);
    }

    /// <summary>Read asynchronously, from its beginning; fails where nothing comes for
    /// <see cref="TextStreamsClientOptions.QuietLimit"/>.</summary>
    public Stream Bytes { get; }

    /// <summary>As <c>image/png</c>; scripts and style sheets are <c>text/plain</c>.</summary>
    public string MediaType => response.Content.Headers.ContentType?.MediaType ?? "application/octet-stream";

    /// <summary>In bytes; null: the server does not know it yet.</summary>
    public long? Length => response.Content.Headers.ContentLength;

    /// <summary>A name for it; null: it has none.</summary>
    public string? FileName =>
        response.Content.Headers.ContentDisposition is { } said ? (said.FileNameStar ?? said.FileName)?.Trim('"') : null;

    public void Dispose()
    {
        Bytes.Dispose();
        response.Dispose();
        quiet.Dispose();
    }
}
