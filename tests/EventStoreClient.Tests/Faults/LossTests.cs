using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;
using Grpc.Core;

namespace EventStore.Client.Tests.Faults;

public sealed class LossTests : FaultTest
{
    [Fact]
    public async Task All_open_appends_fail_when_the_connection_is_reset_and_the_next_opens_another()
    {
        Server.On(StubServer.Streams + "BatchAppend", call => call.ReadToEndAsync());
        await using var client = Client();
        var appends = Enumerable.Range(1, 50).Select(number => AppendAsync(client, number)).ToArray();
        await Eventually.UntilAsync("all were sent", () => Sent() == 50);

        Proxy.Close(reset: true);

        foreach (var append in appends) (await EndAsync(append, "an open append")).Should().Be(StatusCode.Unavailable);
        Server.WithEcho();
        (await AppendAsync(client, 51)).Should().Be(51);
        Server.CallsTo(StubServer.Streams + "BatchAppend").Should().HaveCount(2);
    }

    [Fact]
    public async Task All_open_appends_fail_when_the_server_ends_the_call_and_the_next_opens_another()
    {
        Server.On(StubServer.Streams + "BatchAppend", async call =>
        {
            await call.ReadAsync();
            call.End(14, "Server is shutting down.");
        });
        await using var client = Client();

        (await EndAsync(AppendAsync(client, 1), "the append")).Should().Be(StatusCode.Unavailable);

        Server.WithEcho();
        (await AppendAsync(client, 2)).Should().Be(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_the_server_refused_is_lost_and_the_next_opens_another(bool batched)
    {
        var (method, refused) = (StubServer.Streams + (batched ? "BatchAppend" : "Append"), 0);
        if (!batched) Server.WithoutBatchAppend();
        Server.On(method, async call =>
        {
            Interlocked.Increment(ref refused);
            await call.ReadAsync();
            call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(7);
        });
        await using var client = Client();

        (await EndAsync(AppendAsync(client, 1, Timeout.InfiniteTimeSpan), "the append")).Should().Be(StatusCode.Unavailable);

        refused.Should().BeInRange(1, 2, "a second call comes without its appends, and ends at once");
        Server.WithEcho();
        (await AppendAsync(client, 2)).Should().Be(2);
    }

    [Theory]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(2, StatusCode.Unavailable)]
    public async Task A_reset_is_told_by_its_code(int error, StatusCode code)
    {
        Server.On(StubServer.Streams + "Read", async call =>
        {
            await call.ReadToEndAsync();
            await call.BeginAsync();
            call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(error);
        });
        await using var client = Client();

        (await EndAsync(ReadAsync(client), "the read")).Should().Be(code);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task A_proxys_answer_is_told_by_its_status(int status, StatusCode code)
    {
        Server.On(StubServer.Streams + "Read", call =>
        {
            call.Http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var client = Client();

        (await EndAsync(ReadAsync(client), "the read")).Should().Be(code);
    }

    [Fact]
    public async Task Trailers_are_percent_decoded_and_what_is_no_code_stays()
    {
        foreach (var (sent, read) in new[] { ("gr%C3%BC%C3%9Fe 100%25", "grüße 100%"), ("100%", "100%"), ("%zz%4", "%zz%4"), ("plain", "plain") })
        {
            Server.On(StubServer.Streams + "Read", call =>
            {
                call.End(9, "No.", ("exception", "stream-deleted"), ("Stream-Name", sent));
                return Task.CompletedTask;
            });
            await using var client = Client();

            (await client.Awaiting(ReadAsync).Should().ThrowAsync<StreamDeletedException>()).Which.Stream.Should().Be(read);
        }
    }

    [Fact]
    public async Task A_call_that_the_server_ended_while_idle_is_no_matter()
    {
        var end = new TaskCompletionSource();
        Server.On(StubServer.Streams + "BatchAppend", async call =>
        {
            await call.WriteAsync(EchoServer.Answer((await call.ReadAsync(BatchAppendReq.Parser))!));
            await end.Task;
            call.End(0);
        });
        await using var client = Client();
        (await AppendAsync(client, 1)).Should().Be(1);

        var first = Server.CallsTo(StubServer.Streams + "BatchAppend").Single();
        Server.WithEcho();
        end.SetResult();
        await first.Ended.WaitAsync(Eventually.Limit);

        // Whether the client has heard of the end by now is a matter of luck; then it is lost, never another's.
        (await EndAsync(AppendAsync(client, 2), "the append after it") ?? StatusCode.Unavailable).Should().Be(StatusCode.Unavailable);
        (await AppendAsync(client, 3)).Should().Be(3);
    }

    [Fact]
    public async Task A_stalled_append_ends_at_its_deadline_and_its_late_answer_is_nobodys()
    {
        await using var client = Client();
        (await AppendAsync(client, 1)).Should().Be(1);
        Proxy.Stall();

        (await EndAsync(AppendAsync(client, 2, TimeSpan.FromMilliseconds(200)), "the stalled append")).Should().Be(StatusCode.DeadlineExceeded);

        var next = AppendAsync(client, 3);
        Proxy.Resume();
        (await EndAsync(next, "the append after the stall")).Should().BeNull();
        (await next).Should().Be(3);
        Proxy.Accepted.Should().Be(1);
    }

    [Fact]
    public async Task A_stalled_append_of_its_own_call_ends_at_its_deadline()
    {
        Server.WithoutBatchAppend();
        await using var client = Client();
        (await AppendAsync(client, 1)).Should().Be(1);
        Proxy.Stall();

        (await EndAsync(AppendAsync(client, 2, TimeSpan.FromMilliseconds(200)), "the stalled append")).Should().Be(StatusCode.DeadlineExceeded);

        Proxy.Resume();
        (await AppendAsync(client, 3)).Should().Be(3);
    }

    [Fact]
    public async Task A_deadline_counts_while_there_is_no_connection_yet()
    {
        Proxy.Stall();
        await using var client = Client();

        (await EndAsync(AppendAsync(client, 1, TimeSpan.FromMilliseconds(200)), "the append")).Should().Be(StatusCode.DeadlineExceeded);

        Proxy.Resume();
        (await AppendAsync(client, 2)).Should().Be(2);
    }

    [Fact]
    public async Task A_connection_that_only_this_end_believes_in_is_found_out_by_pings()
    {
        await using var client = Client("&keepAliveInterval=1000&keepAliveTimeout=5000");
        await using var subscription = client.SubscribeToStream("s-1", FromStream.Start);
        await using var messages = subscription.Messages.GetAsyncEnumerator();
        for (var heard = 0; heard < 1 + EchoServer.Events; heard++) (await messages.MoveNextAsync()).Should().BeTrue();

        Proxy.Forget();

        (await EndAsync(messages.MoveNextAsync().AsTask(), "the subscription")).Should().Be(StatusCode.Unavailable);
        (await AppendAsync(client, 2)).Should().Be(2);
    }

    [Fact]
    public async Task Open_appends_end_when_pings_find_the_connection_gone()
    {
        await using var client = Client("&keepAliveInterval=1000&keepAliveTimeout=5000");
        (await AppendAsync(client, 1)).Should().Be(1);

        Proxy.Forget();

        (await EndAsync(AppendAsync(client, 2, TimeSpan.FromMinutes(1)), "the append")).Should().Be(StatusCode.Unavailable);
        (await AppendAsync(client, 3)).Should().Be(3);
    }

    [Fact]
    public async Task Nobody_listening_is_told_at_once_and_calls_work_when_somebody_does()
    {
        await Proxy.RefuseAsync();
        await using var client = Client();

        (await EndAsync(AppendAsync(client, 1), "an append without a server")).Should().Be(StatusCode.Unavailable);
        (await EndAsync(ReadAsync(client), "a read without a server")).Should().Be(StatusCode.Unavailable);

        Proxy.Resume();
        (await AppendAsync(client, 2)).Should().Be(2);
    }

    [Fact]
    public async Task A_subscription_ends_with_the_connection_and_a_new_one_can_go_on()
    {
        await using var client = Client();
        await using var subscription = client.SubscribeToStream("s-1", FromStream.Start);
        await using var messages = subscription.Messages.GetAsyncEnumerator();
        (await messages.MoveNextAsync()).Should().BeTrue();
        messages.Current.Should().Be(new StreamMessage.SubscriptionConfirmation("one"));
        for (var heard = 0; heard < EchoServer.Events; heard++) (await messages.MoveNextAsync()).Should().BeTrue();

        Proxy.Close();

        (await EndAsync(messages.MoveNextAsync().AsTask(), "the subscription")).Should().Be(StatusCode.Unavailable);
        await using var again = client.SubscribeToStream("s-1", FromStream.After(new StreamPosition(3))).Messages.GetAsyncEnumerator();
        (await again.MoveNextAsync()).Should().BeTrue();
    }

    private int Sent()
    {
        var call = Server.CallsTo(StubServer.Streams + "BatchAppend").SingleOrDefault();
        if (call is null) return 0;
        lock (call.Requests) return call.Requests.Count;
    }
}
