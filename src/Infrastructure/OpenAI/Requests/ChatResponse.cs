namespace EventSourcedStreams.OpenAI;

/// <summary>An answer that has begun. Disposing it before its end cuts the connection, so that the provider stops
/// making it.</summary>
internal sealed class ChatResponse(HttpResponseMessage response, Stream content, string provider, SecretRemoval secrets, TimeProvider time, string soundType) : IDisposable
{
    /// <summary>HTTP/1 without a length or chunks ends with its connection, however that ends.</summary>
    private bool IsFramed =>
        response.Version.Major >= 2 || response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true;

    /// <exception cref="ProviderFault">The answer did not end well.</exception>
    public IAsyncEnumerable<ChatUpdate> ReadAsync(CancellationToken ct) =>
        new ChatAnswerReader(new AnswerFaults(provider, response.Content.Headers.ContentType?.ToString(), secrets), time, soundType).ReadAsync(content, IsFramed, ct);

    public void Dispose()
    {
        content.Dispose();
        response.Dispose();
    }
}
