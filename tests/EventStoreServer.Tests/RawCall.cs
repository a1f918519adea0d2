using System.Buffers.Binary;
using System.Net;
using EventSourcedStreams.TestKit;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>A gRPC call made of bytes, so that everything that comes back can be looked at: nothing of ours reads the
/// answer.</summary>
internal sealed class RawCall : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly Task<HttpResponseMessage> response;
    private Stream? body;

    private RawCall(HttpMessageInvoker http, HttpRequestMessage request) => response = http.SendAsync(request, ended.Token);

    /// <summary>Sends all, then what comes later, and half-closes.</summary>
    public static RawCall Start(
        HttpMessageInvoker http, int port, string path, IEnumerable<byte[]> messages, IReadOnlyDictionary<string, string>? headers = null,
        Task<byte[][]>? later = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Body(Frames(messages), later),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (name, value) in headers ?? new Dictionary<string, string>()) request.Headers.TryAddWithoutValidation(name, value);
        return new RawCall(http, request);
    }

    public static RawCall Start(HttpMessageInvoker http, int port, string path, params IMessage[] messages) =>
        Start(http, port, path, messages.Select(message => message.ToByteArray()));

    private static byte[] Frames(IEnumerable<byte[]> messages)
    {
        var frames = new MemoryStream();
        foreach (var message in messages)
        {
            var length = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(length.AsSpan(1), message.Length);
            frames.Write(length);
            frames.Write(message);
        }

        return frames.ToArray();
    }

    /// <summary>Nothing has come yet, not even headers.</summary>
    public bool IsSilent => !response.IsCompleted;

    public async Task<Dictionary<string, string>> HeadersAsync()
    {
        var answer = await response.WaitAsync(Eventually.Limit);
        var headers = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        headers[":status"] = ((int)answer.StatusCode).ToString();
        return headers;
    }

    /// <summary>The next message; null once the server has ended the call.</summary>
    public async Task<byte[]?> NextAsync()
    {
        body ??= await (await response).Content.ReadAsStreamAsync(ended.Token);
        var header = new byte[5];
        var read = await body.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ended.Token);
        if (read == 0) return null;
        read.Should().Be(header.Length);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(message, ended.Token);
        return message;
    }

    public async Task<T?> NextAsync<T>(MessageParser<T> parser) where T : class, IMessage<T> =>
        await NextAsync().WaitAsync(Eventually.Limit) is { } message ? parser.ParseFrom(message) : null;

    /// <summary>After the end.</summary>
    public async Task<Dictionary<string, string>> TrailersAsync() =>
        (await response).TrailingHeaders.NonValidated.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());

    /// <summary>The status, wherever it stands, and what stands beside it.</summary>
    public async Task<Dictionary<string, string>> EndAsync()
    {
        var headers = await HeadersAsync();
        if (headers.ContainsKey("grpc-status")) return headers;
        while (await NextAsync().WaitAsync(Eventually.Limit) is not null) { }
        return await TrailersAsync();
    }

    public void Dispose()
    {
        ended.Cancel();
        if (response.IsCompletedSuccessfully) response.Result.Dispose();
        ended.Dispose();
    }

    /// <summary>Unlike an array's, its answer is read while it is still being sent.</summary>
    private sealed class Body(byte[] frames, Task<byte[][]>? later) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(frames);
            if (later is null) return;
            await stream.FlushAsync();
            await stream.WriteAsync(Frames(await later));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
