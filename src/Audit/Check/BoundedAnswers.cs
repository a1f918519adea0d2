using System.Net;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Answers of a server that may send without end, or not at all: each within a time and a number of
/// bytes.</summary>
internal static class BoundedAnswers
{
    /// <summary>From one byte to the next, the first one included.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>For a whole answer.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromMinutes(2);

    private const int BufferBytes = 64 << 10;

    /// <param name="most">Bytes of a body.</param>
    /// <exception cref="AuditException">It cannot be reached, is silent for too long, or sends too much.</exception>
    public static async Task<ServerAnswer> GetAsync(
        this HttpClient http, string path, long most, TimeProvider time, CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var whole = new CancellationTokenSource(Whole, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token, whole.Token);
        try
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            var body = await ReadAsync(content, most, silence, either.Token)
                ?? throw new AuditException($"{http.BaseAddress}{path} answers with more than {most} bytes: more than such an answer can have. Is this the server?");
            return new ServerAnswer(
                response.StatusCode, body, response.Headers.ETag?.Tag, response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new AuditException(whole.IsCancellationRequested
                ? $"{http.BaseAddress}{path} has not ended its answer after {Whole.TotalSeconds:0} s."
                : $"{http.BaseAddress}{path} sends nothing for {Silence.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new AuditException($"{http.BaseAddress} cannot be reached: {e.Message}", inner: e);
        }
    }

    /// <returns>Null where there is more than that.</returns>
    private static async Task<byte[]?> ReadAsync(Stream content, long most, CancellationTokenSource silence, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await content.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > most) return null;
            body.Write(buffer, 0, read);
            silence.CancelAfter(Silence);
        }

        return body.ToArray();
    }
}

/// <param name="Tag">The strong ETag, quotes and all.</param>
/// <param name="Wait">How long it wants to be left alone.</param>
internal sealed record ServerAnswer(HttpStatusCode Status, byte[] Body, string? Tag, TimeSpan Wait)
{
    /// <summary>The status, and the problem's type where the answer is one.</summary>
    public string Said
    {
        get
        {
            try
            {
                return $"{(int)Status} {System.Text.Json.JsonSerializer.Deserialize(Body, ServerJson.Default.ServerProblem)?.Type}".TrimEnd();
            }
            catch (System.Text.Json.JsonException)
            {
                return $"{(int)Status}";
            }
        }
    }

    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
