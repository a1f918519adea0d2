using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;
using Grpc.Core;

namespace EventStore.Client.Tests.Faults;

/// <summary>A server that echoes, behind a proxy with faults.</summary>
public abstract class FaultTest : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Eventually.Limit;

    protected StubServer Server { get; private set; } = null!;

    protected TcpProxy Proxy { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = (await StubServer.StartAsync()).WithEcho();
        Proxy = TcpProxy.To(Server.Port);
    }

    public async Task DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
    }

    protected EventStoreClient Client(string settings = "") =>
        Patient.Client($"esdb://127.0.0.1:{Proxy.Port}?tls=false{settings}");

    protected static async Task<ulong> AppendAsync(EventStoreClient client, int number, TimeSpan? deadline = null, CancellationToken ct = default) =>
        (await client.AppendToStreamAsync(EchoServer.Stream(number), StreamState.Any, EchoServer.OneEvent, null, deadline, null, ct))
        .NextExpectedStreamRevision.ToUInt64();

    protected static async Task<int> ReadAsync(EventStoreClient client)
    {
        var read = 0;
        await foreach (var one in client.ReadStreamAsync(Direction.Forwards, "s-1", StreamPosition.Start).Messages.EventsAsync())
            ((int)one.Event.EventNumber.ToUInt64()).Should().Be(read++);
        return read;
    }

    /// <summary>How it ended, as it must: null for well.</summary>
    /// <param name="what">For the message, should it hang.</param>
    protected static async Task<StatusCode?> EndAsync(Task task, string what)
    {
        try
        {
            if (await Task.WhenAny(task, Task.Delay(Patience)) != task) throw new TimeoutException($"{what} did not end.");
            await task;
            return null;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
