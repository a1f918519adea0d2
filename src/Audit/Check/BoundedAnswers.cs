using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Below the client: answers of a server that may send without end, or not at all, each within a time and a
/// number of bytes. What is above gets them whole.</summary>
internal sealed class BoundedAnswers(TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>From one byte to the next, the first one included.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>For a whole answer.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromMinutes(2);

    private const int BufferBytes = 64 << 10;

    private readonly AsyncLocal<long> most = new();

    /// <summary>The bytes that a body may have, for what is asked from here on.</summary>
    public void Bound(long bytes) => most.Value = bytes;

    /// <exception cref="AuditException">The server cannot be reached, is silent for too long, or sends too
    /// much.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        using var silence = new CancellationTokenSource(Silence, time);
        using var whole = new CancellationTokenSource(Whole, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token, whole.Token);
        try
        {
            var response = await base.SendAsync(request, either.Token);
            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            var body = await ReadAsync(content, silence, either.Token)
                ?? throw new AuditException($"{address} answers with more than {most.Value} bytes: more than such an answer can have. Is this the server?");
            var held = new ByteArrayContent(body);
            foreach (var header in response.Content.Headers) held.Headers.TryAddWithoutValidation(header.Key, header.Value);
            response.Content = held;
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AuditException(whole.IsCancellationRequested
                ? $"{address} has not ended its answer after {Whole.TotalSeconds:0} s."
                : $"{address} sends nothing for {Silence.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AuditException($"{address.GetLeftPart(UriPartial.Authority)}/ cannot be reached: {e.Message}", inner: e);
        }
    }

    /// <returns>Null where there is more than that.</returns>
    private async Task<byte[]?> ReadAsync(Stream content, CancellationTokenSource silence, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await content.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > most.Value) return null;
            body.Write(buffer, 0, read);
            silence.CancelAfter(Silence);
        }

        return body.ToArray();
    }
}
