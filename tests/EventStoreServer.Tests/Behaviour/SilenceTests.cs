using System.Collections.Concurrent;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What clients do amiss is told to them: the log of the app is not theirs to fill.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task Clients_that_leave_that_err_or_that_are_sent_away_are_no_errors_of_the_server()
    {
        using var folder = new TempFolder();
        using var said = new Sayings();
        await using var log = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
        var server = await EmbeddedLogServer.StartAsync(log, 0, TimeProvider.System, said, default);
        using (var http = new HttpMessageInvoker(new SocketsHttpHandler()))
        {
            using (var following = RawCall.Start(http, server.Port, EventStoreMethods.Read.Path, Requests.FollowStream("none")))
                (await following.NextAsync(ReadResp.Parser))!.Confirmation.Should().NotBeNull();
            using (var batch = RawCall.Start(http, server.Port, EventStoreMethods.BatchAppend.Path, Requests.Batch("a", -1, "x")))
                (await batch.NextAsync(BatchAppendResp.Parser))!.Success.Should().NotBeNull();
            using (var none = RawCall.Start(http, server.Port, EventStoreMethods.Append.Path, [[0xFF, 0xFF]]))
                (await none.EndAsync())["grpc-status"].Should().NotBe("0");
            using (var refused = RawCall.Start(http, server.Port, EventStoreMethods.Read.Path, Requests.FollowAll(filter: Requests.ByStream(regex: "("))))
                (await refused.EndAsync())["grpc-status"].Should().Be("3");
            using var cut = RawCall.Start(http, server.Port, EventStoreMethods.Read.Path, Requests.FollowStream("none"));
            (await cut.NextAsync(ReadResp.Parser))!.Confirmation.Should().NotBeNull();
        }

        await server.DisposeAsync();

        said.Loud.Should().BeEmpty();
    }

    private sealed class Sayings : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Loud { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // That a thread was held up is the machine's matter, not a client's.
            if (logLevel >= LogLevel.Warning && eventId.Name != "HeartbeatSlow") Loud.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
