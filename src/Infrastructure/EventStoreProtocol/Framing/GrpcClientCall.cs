using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>
/// One call over HTTP/2, seen from the client. Requests and responses flow at the same time; a unary call is one request, completed,
/// and one response. Disposing a call that has not ended resets it.
/// </summary>
public sealed class GrpcClientCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly GrpcMethod<TRequest, TResponse> method;
    private readonly RequestBody body;
    private readonly CancellationTokenSource ended;
    private readonly CancellationTokenSource? deadline;
    private readonly CancellationToken caller;
    private readonly Task<HttpResponseMessage> response;

    internal GrpcClientCall(
        HttpMessageInvoker http, Uri node, GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, TimeProvider time, CancellationToken ct)
    {
        (this.method, caller) = (method, ct);
        deadline = options.Deadline is { } limit ? new CancellationTokenSource(limit, time) : null;
        ended = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline?.Token ?? CancellationToken.None);
        body = new RequestBody(ended.Token);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Headers.TE.ParseAdd("trailers");
        foreach (var (name, value) in options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (options.Deadline is { } timeout) request.Headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Write(timeout));
        response = SendAsync(http, request, ended.Token);
    }

    /// <summary>Puts a request behind the others; <see cref="FlushAsync"/> sends it. One writer at a time.</summary>
    /// <returns>Its bytes.</returns>
    public int Write(TRequest request) => body.Write(request);

    /// <exception cref="GrpcException">The call has ended; the responses say how.</exception>
    public ValueTask FlushAsync(CancellationToken ct) => body.FlushAsync(ct);

    /// <summary>No more requests; what was written is sent.</summary>
    public void Complete() => body.Complete();

    /// <summary>All responses; ends when the server ends the call well.</summary>
    /// <exception cref="GrpcException">It ended otherwise: the server's status, <see cref="Code.Unavailable"/> where the connection was
    /// lost, <see cref="Code.DeadlineExceeded"/>.</exception>
    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, ended.Token);
        await using var responses = Messages(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await responses.MoveNextAsync().ConfigureAwait(false)) yield break;
            }
            catch (Exception e) when (ConnectionFaults.Is(e))
            {
                ct.ThrowIfCancellationRequested();
                caller.ThrowIfCancellationRequested();
                throw deadline is { IsCancellationRequested: true }
                    ? new GrpcException(Code.DeadlineExceeded, "The server did not answer in time.", cause: e)
                    : ConnectionFaults.Of(e);
            }

            yield return responses.Current;
        }
    }

    /// <summary>The one response of a call that has one.</summary>
    public async Task<TResponse> ReadSingleAsync(CancellationToken ct)
    {
        TResponse? single = null;
        await foreach (var next in ReadAllAsync(ct).ConfigureAwait(false)) single ??= next;
        return single ?? throw new GrpcException(Code.Internal, "The call ended well, without an answer.");
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync().ConfigureAwait(false);
        try
        {
            (await response.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (ConnectionFaults.Is(e))
        {
            // It has ended, one way or another, and who read the responses knows how.
        }

        deadline?.Dispose();
        ended.Dispose();
    }

    // A handler that is disposed meanwhile throws at once: that too belongs to the responses.
    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker http, HttpRequestMessage request, CancellationToken ct) =>
        await http.SendAsync(request, ct).ConfigureAwait(false);

    // One HTTP/2 frame fits.
    private static StreamPipeReaderOptions Buffers { get; } = new(bufferSize: 16 * 1024, minimumReadSize: 4 * 1024, leaveOpen: true);

    private async IAsyncEnumerable<TResponse> Messages([EnumeratorCancellation] CancellationToken ct)
    {
        var answer = await response.WaitAsync(ct).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK) throw GrpcStatusHeaders.Read(answer.Headers) ?? GrpcStatusHeaders.Of(answer.StatusCode);
        if (GrpcStatusHeaders.Read(answer.Headers) is { } only)
        {
            if (only.Status != Code.Ok) throw only;
            yield break;
        }

        if (answer.Content.Headers.ContentType?.MediaType is not { } type || !type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
            throw new GrpcException(Code.Unknown, $"What came is no gRPC answer, but {answer.Content.Headers.ContentType?.ToString() ?? "of no type"}.");
        var stream = await answer.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        var input = PipeReader.Create(stream, Buffers);
        try
        {
            await foreach (var message in GrpcFrames.ReadAllAsync(input, method.Responses, ct).ConfigureAwait(false)) yield return message;
        }
        finally
        {
            await input.CompleteAsync().ConfigureAwait(false);
        }

        var status = GrpcStatusHeaders.Read(answer.TrailingHeaders)
            ?? throw new GrpcException(Code.Unavailable, "The call ended without saying how.");
        if (status.Status != Code.Ok) throw status;
    }
}
