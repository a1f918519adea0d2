using System.Net;
using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Makes calls of which nothing is checked before they are sent.</summary>
internal sealed class GrpcCaller(int port) : IDisposable
{
    /// <summary>Every call says sooner when it is to end; one that says it wrongly may last.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private static readonly string Credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"key:{HostUnderAttack.Key}"));

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });

    /// <param name="endless">The call may go on for ever: it is left after a while.</param>
    /// <returns>Null: it goes on.</returns>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<GrpcAnswer?> CallAsync(string path, IEnumerable<byte[]> frames, IReadOnlyList<(string Name, string Value)> headers, bool endless = false)
    {
        using var limit = new CancellationTokenSource(endless ? Glance : Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([.. frames.SelectMany(frame => frame)]),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", headers.LastOrDefault(header => header.Name == "content-type", (Name: "", Value: "application/grpc")).Value);
        foreach (var (name, value) in headers.Where(header => header.Name != "content-type")) request.Headers.TryAddWithoutValidation(name, value);
        if (!request.Headers.Contains("authorization")) request.Headers.TryAddWithoutValidation("authorization", Credentials);
        if (!request.Headers.Contains("te")) request.Headers.TryAddWithoutValidation("te", "trailers");
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            string? Named(string name) => response.Headers.NonValidated.TryGetValues(name, out var inHeaders) ? inHeaders.ToString()
                : response.TrailingHeaders.NonValidated.TryGetValues(name, out var inTrailers) ? inTrailers.ToString() : null;
            return new GrpcAnswer((int)response.StatusCode, Named("grpc-status"), Uri.UnescapeDataString(Named("grpc-message") ?? ""), body);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return endless ? null : throw new TimeoutException($"The call has not ended after {Patience.TotalSeconds} s.");
        }
        catch (HttpRequestException e) when (e.InnerException is HttpProtocolException { ErrorCode: var code })
        {
            // A reset of the one call, as at its deadline.
            return new GrpcAnswer(200, "reset", $"{code}", []);
        }
        catch (HttpProtocolException e)
        {
            return new GrpcAnswer(200, "reset", $"{e.ErrorCode}", []);
        }
    }

    public void Dispose() => http.Dispose();
}

/// <param name="Status">Null: none came. <c>reset</c>: the call was, with the code in words.</param>
internal sealed record GrpcAnswer(int HttpStatus, string? Status, string Words, byte[] Body);
