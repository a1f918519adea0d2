using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EventStore.Client.Tests.Stub;

/// <summary>A call as a server sees it, down to the frame: nothing here is shared with what is tested.</summary>
public sealed class StubCall(HttpContext http)
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>While the handler runs.</summary>
    public HttpContext Http { get; } = http;

    public string Path { get; } = http.Request.Path;

    public IReadOnlyDictionary<string, string> Headers { get; } = http.Request.Headers.ToDictionary(
        header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>What was read so far.</summary>
    public List<byte[]> Requests { get; } = [];

    /// <summary>Completes when the client or the handler has ended the call.</summary>
    public Task Ended => ended.Task;

    /// <summary>Whether the client reset the call.</summary>
    public bool Reset { get; private set; }

    /// <summary>Null at the end of the requests.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        while (true)
        {
            var read = await Http.Request.BodyReader.ReadAsync(Http.RequestAborted);
            var buffer = read.Buffer;
            if (buffer.Length >= 5)
            {
                var header = buffer.Slice(0, 5).ToArray();
                var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
                header[0].Should().Be(0, "requests are not compressed");
                if (buffer.Length >= 5 + length)
                {
                    var message = buffer.Slice(5, length).ToArray();
                    Http.Request.BodyReader.AdvanceTo(buffer.GetPosition(5 + length));
                    lock (Requests) Requests.Add(message);
                    return message;
                }
            }

            Http.Request.BodyReader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return null;
        }
    }

    public async Task<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => await ReadAsync() is { } message ? parser.ParseFrom(message) : null;

    public async Task ReadToEndAsync()
    {
        while (await ReadAsync() is not null)
        {
        }
    }

    public Task WriteAsync(IMessage message) => WriteAsync(message.ToByteArray());

    public async Task WriteAsync(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        await WriteRawAsync(frame);
    }

    public async Task WriteRawAsync(byte[] bytes)
    {
        if (!Http.Response.HasStarted) Http.Response.ContentType = "application/grpc";
        await Http.Response.Body.WriteAsync(bytes, Http.RequestAborted);
        await Http.Response.Body.FlushAsync(Http.RequestAborted);
    }

    /// <summary>Sends the headers of an answer that goes on.</summary>
    public async Task BeginAsync()
    {
        if (!Http.Response.HasStarted) Http.Response.ContentType = "application/grpc";
        await Http.Response.Body.FlushAsync(Http.RequestAborted);
    }

    /// <summary>In trailers where something was sent, else in the headers.</summary>
    public void End(int status, string message = "", params (string Name, string Value)[] more)
    {
        if (!Http.Response.HasStarted) Http.Response.ContentType = "application/grpc";
        Set("grpc-status", $"{status}");
        if (message.Length > 0) Set("grpc-message", message);
        foreach (var (name, value) in more) Set(name, value);
    }

    public void Set(string name, string value)
    {
        if (Http.Response.HasStarted) Http.Response.AppendTrailer(name, value);
        else Http.Response.Headers[name] = value;
    }

    public async Task UntilResetAsync()
    {
        var reset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Http.RequestAborted.Register(reset.SetResult);
        await reset.Task;
    }

    /// <param name="isReset">The handler has seen it: what it reads fails a moment before the server tells of the
    /// reset.</param>
    internal void OnEnded(bool isReset)
    {
        Reset = isReset || Http.RequestAborted.IsCancellationRequested;
        ended.TrySetResult();
    }
}
