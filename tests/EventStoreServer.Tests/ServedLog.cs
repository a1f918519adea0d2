using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>An embedded log in a folder of its own, served.</summary>
internal sealed class ServedLog : IAsyncDisposable
{
    private readonly TempFolder folder;

    private ServedLog(TempFolder folder, SqliteEventStore log, EmbeddedLogServer server) => (this.folder, Log, Server) = (folder, log, server);

    public SqliteEventStore Log { get; }

    public EmbeddedLogServer Server { get; }

    public HttpMessageInvoker Http { get; } = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });

    public static async Task<ServedLog> StartAsync(TimeProvider? time = null)
    {
        var folder = new TempFolder();
        var options = new SqliteEventStoreOptions { Path = folder.Path };
        var log = await SqliteEventStore.OpenAsync(options, time ?? TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var server = await EmbeddedLogServer.StartAsync(
            log, 0, time ?? TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new ServedLog(folder, log, server);
    }

    public RawCall Call(string path, IEnumerable<byte[]> messages, IReadOnlyDictionary<string, string>? headers = null) =>
        RawCall.Start(Http, Server.Port, path, messages, headers);

    public RawCall Call<TRequest, TResponse>(ServedMethod<TRequest, TResponse> method, params TRequest[] messages)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        RawCall.Start(Http, Server.Port, method.Path, [.. messages]);

    /// <summary>A call there and back: what was on its way before it has been looked at.</summary>
    public async Task RoundTripAsync()
    {
        using var call = Call(EventStoreMethods.SupportedMethods, new Empty());
        (await call.NextAsync(EventStoreProtocol.ServerFeatures.SupportedMethods.Parser)).Should().NotBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        await Log.DisposeAsync();
        folder.Dispose();
    }
}
