using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;
using Google.Protobuf;
using Grpc.Core;

namespace EventStore.Client.Tests.Faults;

public sealed class CancellationTests : FaultTest
{
    [Fact]
    public async Task A_cancelled_append_of_its_own_call_resets_it()
    {
        Server.WithoutBatchAppend().On(StubServer.Streams + "Append", call => call.UntilResetAsync());
        await using var client = Client();
        using var cancel = new CancellationTokenSource();
        var append = AppendAsync(client, 1, ct: cancel.Token);
        await Eventually.UntilAsync("the append arrived", () => Server.CallsTo(StubServer.Streams + "Append").Any());

        await cancel.CancelAsync();

        (await EndAsync(append, "the append")).Should().Be(StatusCode.Cancelled);
        await ResetAsync("Append");
    }

    [Fact]
    public async Task A_cancelled_append_leaves_the_others_of_its_call_alone()
    {
        var answer = new TaskCompletionSource();
        Server.On(StubServer.Streams + "BatchAppend", async call =>
        {
            var first = await call.ReadAsync(BatchAppendReq.Parser);
            var second = await call.ReadAsync(BatchAppendReq.Parser);
            await answer.Task;
            await call.WriteAsync(EchoServer.Answer(first!));
            await call.WriteAsync(EchoServer.Answer(second!));
            await call.ReadToEndAsync();
        });
        await using var client = Client();
        using var cancel = new CancellationTokenSource();
        var cancelled = AppendAsync(client, 1, ct: cancel.Token);
        var other = AppendAsync(client, 2);
        await Eventually.UntilAsync("both arrived", () => Server.CallsTo(StubServer.Streams + "BatchAppend").Any(call => call.Requests.Count == 2));

        await cancel.CancelAsync();
        await cancelled.Awaiting(append => append).Should().ThrowAsync<OperationCanceledException>();
        answer.SetResult();

        (await other).Should().Be(2);
    }

    [Fact]
    public async Task A_subscription_that_is_cancelled_resets_its_call()
    {
        await using var client = Client();
        using var cancel = new CancellationTokenSource();
        var listening = ListenAsync(client.SubscribeToStream("s-1", FromStream.Start, cancellationToken: cancel.Token));
        await Eventually.UntilAsync("the subscription arrived", () => Server.CallsTo(StubServer.Streams + "Read").Any());

        await cancel.CancelAsync();

        (await EndAsync(listening, "the subscription")).Should().Be(StatusCode.Cancelled);
        await ResetAsync("Read");
    }

    [Fact]
    public async Task An_enumeration_that_is_cancelled_says_so_by_its_own_token()
    {
        await using var client = Client();
        using var cancel = new CancellationTokenSource();
        await using var events = client.SubscribeToStream("s-1", FromStream.Start).Messages.GetAsyncEnumerator(cancel.Token);
        for (var heard = 0; heard < 1 + EchoServer.Events; heard++) await events.MoveNextAsync();

        await cancel.CancelAsync();

        var next = async () => await events.MoveNextAsync();
        (await next.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
        await ResetAsync("Read");
    }

    [Fact]
    public async Task Whoever_stops_reading_ends_the_call()
    {
        Server.On(StubServer.Streams + "Read", ForEverAsync);
        await using var client = Client();

        await foreach (var one in client.ReadStreamAsync(Direction.Forwards, "s-1", StreamPosition.Start).Messages.EventsAsync())
        {
            if (one.Event.EventNumber.ToInt64() == 5) break;
        }

        await ResetAsync("Read");
    }

    [Fact]
    public async Task A_disposed_client_ends_its_calls()
    {
        Server.On(StubServer.Streams + "BatchAppend", call => call.ReadToEndAsync());
        var client = Client();
        var listening = ListenAsync(client.SubscribeToStream("s-1", FromStream.Start));
        var append = AppendAsync(client, 1);
        await Eventually.UntilAsync("both arrived", () => Server.Calls.Count() == 3);

        await client.DisposeAsync();

        (await EndAsync(listening, "the subscription")).Should().Be(StatusCode.Cancelled);
        (await EndAsync(append, "the append")).Should().Be(StatusCode.Cancelled);
        await ResetAsync("Read");
        var late = () => AppendAsync(client, 2);
        await late.Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_holds_the_server_back()
    {
        var written = 0;
        Server.On(StubServer.Streams + "Read", async call =>
        {
            await call.ReadToEndAsync();
            for (var number = 0; ; number++)
            {
                await call.WriteAsync(EchoServer.Event(ByteString.CopyFromUtf8("s-1"), number, 64 * 1024));
                Interlocked.Exchange(ref written, number);
            }
        });
        await using var client = Client();
        await using var events = client.ReadStreamAsync(Direction.Forwards, "s-1", StreamPosition.Start).Messages.EventsAsync().GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();

        var before = -1;
        await Eventually.UntilAsync("the server waits", async () =>
        {
            var now = Volatile.Read(ref written);
            var waits = now == before;
            before = now;
            await Task.Delay(100);
            return waits;
        });

        // At most what HTTP/2 windows and sockets hold, 16 MiB and some.
        written.Should().BeLessThan(500);
        for (var more = 0; more < 600; more++) (await events.MoveNextAsync()).Should().BeTrue();
        events.Current.Event.EventNumber.Should().Be(new StreamPosition(600));
    }

    private async Task ForEverAsync(StubCall call)
    {
        await call.ReadToEndAsync();
        for (var number = 0; ; number++) await call.WriteAsync(EchoServer.Event(ByteString.CopyFromUtf8("s-1"), number));
    }

    private static async Task ListenAsync(EventStoreClient.StreamSubscriptionResult subscription)
    {
        await foreach (var _ in subscription.Messages)
        {
        }
    }

    private async Task ResetAsync(string method)
    {
        var call = Server.CallsTo(StubServer.Streams + method).Single();
        await call.Ended.WaitAsync(Eventually.Limit);
        call.Reset.Should().BeTrue();
    }
}
