using EventSourcedStreams.EventStoreProtocol.Streams;
using EventStore.Client.Tests.Faults;
using EventStore.Client.Tests.Stub;

namespace EventStore.Client.Tests;

public sealed class CallTests
{
    private const string Batch = StubServer.Streams + "BatchAppend";
    private const string Append = StubServer.Streams + "Append";

    [Fact]
    public async Task Credentials_of_the_settings_go_with_every_call_and_the_name_of_the_connection()
    {
        await using var server = (await StubServer.StartAsync()).WithEcho();
        await using var client = Patient.Client($"esdb://admin:change%20it@127.0.0.1:{server.Port}?tls=false&connectionName=web-1");

        await client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);
        (await client.ReadStreamAsync(Direction.Forwards, "s-1", StreamPosition.Start).Messages.CountEventsAsync()).Should().Be(EchoServer.Events);

        server.Calls.Select(call => call.Path).Should().Equal(StubServer.Features, Batch, StubServer.Streams + "Read");
        server.Calls.Should().AllSatisfy(call =>
        {
            call.Headers["authorization"].Should().Be("Basic " + Convert.ToBase64String("admin:change it"u8));
            call.Headers["connection-name"].Should().Be("web-1");
            call.Headers["requires-leader"].Should().Be("true");
            call.Headers["te"].Should().Be("trailers");
        });
    }

    [Fact]
    public async Task Credentials_of_a_call_go_with_it_alone()
    {
        await using var server = (await StubServer.StartAsync()).WithEcho();
        await using var client = server.Client();

        await client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent, userCredentials: new UserCredentials("me", "mine"));
        await client.AppendToStreamAsync("s-2", StreamState.Any, EchoServer.OneEvent);

        server.CallsTo(Append).Should().ContainSingle().Which.Headers["authorization"]
            .Should().Be("Basic " + Convert.ToBase64String("me:mine"u8));
        server.CallsTo(Batch).Should().ContainSingle().Which.Headers.Should().NotContainKey("authorization");
    }

    [Fact]
    public async Task Appends_have_their_deadline_with_them_as_the_server_takes_it()
    {
        await using var server = (await StubServer.StartAsync()).WithEcho().On(
            StubServer.Features, call => StubServer.AnswerAsync(call, StubServer.Supporting()));
        await using var client = server.Client("&defaultDeadline=60000");
        var before = DateTimeOffset.UtcNow;

        await client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        var old = BatchAppendReq.Parser.ParseFrom(server.CallsTo(Batch).Single().Requests.Single()).Options;
        old.Deadline21100.ToDateTimeOffset().Should().BeCloseTo(before.AddMinutes(1), TimeSpan.FromSeconds(30));

        await using var newer = (await StubServer.StartAsync()).WithEcho();
        await using var other = newer.Client();
        await other.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent, deadline: TimeSpan.FromSeconds(77));
        BatchAppendReq.Parser.ParseFrom(newer.CallsTo(Batch).Single().Requests.Single()).Options.Deadline.ToTimeSpan()
            .Should().BeCloseTo(TimeSpan.FromSeconds(77), TimeSpan.FromSeconds(30));

        await other.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent, deadline: Timeout.InfiniteTimeSpan);
        BatchAppendReq.Parser.ParseFrom(newer.CallsTo(Batch).Single().Requests[1]).Options.DeadlineOptionCase
            .Should().Be(BatchAppendReq.Types.Options.DeadlineOptionOneofCase.None);

        // Longer than a timer goes.
        await other.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent, deadline: TimeSpan.FromDays(400));
        BatchAppendReq.Parser.ParseFrom(newer.CallsTo(Batch).Single().Requests[2]).Options.DeadlineOptionCase
            .Should().Be(BatchAppendReq.Types.Options.DeadlineOptionOneofCase.None);
    }

    [Fact]
    public async Task A_large_append_is_sent_in_parts_and_is_one_append()
    {
        await using var server = (await StubServer.StartAsync()).On(Batch, async call =>
        {
            BatchAppendReq? first = null;
            while (await call.ReadAsync(BatchAppendReq.Parser) is { } request)
            {
                first ??= request;
                request.CorrelationId.Should().Be(first.CorrelationId);
                if (request.IsFinal) await call.WriteAsync(EchoServer.Answer(first));
            }
        });
        await using var client = server.Client();
        var events = Enumerable.Range(0, 10).Select(_ => new EventData(Uuid.FromGuid(Guid.NewGuid()), "spoke", new byte[1_000_000], default, "application/octet-stream"));

        (await client.AppendToStreamAsync("s-5", StreamState.Any, events)).NextExpectedStreamRevision.Should().Be(new StreamRevision(5));

        var sent = server.CallsTo(Batch).Single().Requests.Select(bytes => BatchAppendReq.Parser.ParseFrom(bytes)).ToArray();
        sent.Select(request => request.ProposedMessages.Count).Should().Equal(4, 4, 2);
        sent.Select(request => request.Options is not null).Should().Equal(true, false, false);
        sent.Select(request => request.IsFinal).Should().Equal(false, false, true);
    }

    [Fact]
    public async Task Thousands_of_appends_at_once_share_one_call_and_get_their_own_answers()
    {
        await using var server = (await StubServer.StartAsync()).WithEcho();
        await using var client = server.Client();

        var appends = Enumerable.Range(0, 5000).Select(number => client.AppendToStreamAsync($"s-{number}", StreamState.Any, EchoServer.OneEvent)).ToArray();

        var results = await Task.WhenAll(appends);
        results.Select(result => (int)result.NextExpectedStreamRevision.ToUInt64()).Should().Equal(Enumerable.Range(0, 5000));
        server.CallsTo(Batch).Should().ContainSingle();
    }

    [Fact]
    public async Task A_missing_stream_is_a_message_and_messages_are_heard_once()
    {
        var recorded = RecordedCall.Load("03-read-stream", "not-found");
        await using var server = (await StubServer.StartAsync()).On(recorded.Path, async call =>
        {
            await call.ReadToEndAsync();
            await recorded.PlayAsync(call, bytes => bytes);
        });
        await using var client = server.Client();

        var read = client.ReadStreamAsync(Direction.Forwards, "nope", StreamPosition.Start);
        (await read.Messages.ToListAsync()).Should().ContainSingle().Which.Should().BeOfType<StreamMessage.NotFound>();
        var again = async () => await read.Messages.CountAsync();
        await again.Should().ThrowAsync<InvalidOperationException>();
        server.CallsTo(recorded.Path).Should().ContainSingle();
    }

    [Fact]
    public async Task A_deadline_is_told_to_the_server_and_kept_without_it()
    {
        await using var server = (await StubServer.StartAsync()).On(StubServer.Streams + "Tombstone", call => call.UntilResetAsync());
        await using var client = server.Client();

        // Or it is over on its way.
        for (var seconds = 0.5; seconds < 60 && !server.CallsTo(StubServer.Streams + "Tombstone").Any(); seconds *= 4)
        {
            var tombstone = () => client.TombstoneAsync("s-1", StreamState.Any, TimeSpan.FromSeconds(seconds));
            (await tombstone.Should().ThrowAsync<Grpc.Core.RpcException>()).Which.StatusCode.Should().Be(Grpc.Core.StatusCode.DeadlineExceeded);
        }

        // One that was over on its way may have come after all.
        server.CallsTo(StubServer.Streams + "Tombstone").Should().NotBeEmpty()
            .And.AllSatisfy(call => call.Headers["grpc-timeout"].Should().MatchRegex("^[0-9]{1,8}[mun]$"));
    }

    [Fact]
    public async Task A_call_that_ended_well_without_its_answer_is_a_fault_of_the_server()
    {
        await using var server = (await StubServer.StartAsync()).On(StubServer.Streams + "Tombstone", call => Ended(call, 0));
        await using var client = server.Client();

        var tombstone = () => client.TombstoneAsync("s-1", StreamState.Any);

        (await tombstone.Should().ThrowAsync<Grpc.Core.RpcException>()).Which.StatusCode.Should().Be(Grpc.Core.StatusCode.Internal);
    }

    [Fact]
    public async Task Unknown_credentials_are_told_apart()
    {
        await using var server = (await StubServer.StartAsync())
            .On(StubServer.Streams + "Tombstone", call => Ended(call, 16));
        await using var client = server.Client();

        await client.Awaiting(c => c.TombstoneAsync("s-1", StreamState.Any)).Should().ThrowAsync<NotAuthenticatedException>();
        server.On(StubServer.Streams + "Tombstone", call => Ended(call, 7, ("exception", "access-denied")));
        await client.Awaiting(c => c.TombstoneAsync("s-1", StreamState.Any)).Should().ThrowAsync<AccessDeniedException>();
    }

    [Fact]
    public async Task A_node_that_knows_no_leader_is_left_for_whoever_does()
    {
        await using var server = (await StubServer.StartAsync()).On(Batch, call => Ended(call, 2, ("exception", "not-leader")));
        await using var client = server.Client();

        var append = () => client.AppendToStreamAsync("s-1", StreamState.Any, EchoServer.OneEvent);

        await append.Should().ThrowAsync<Grpc.Core.RpcException>();
        server.WithEcho();
        await append();
        server.CallsTo(StubServer.Features).Should().HaveCount(2, "it connected anew");
    }

    [Fact]
    public async Task A_filter_that_no_request_can_say_is_refused()
    {
        await using var client = new EventStoreClient(EventStoreClientSettings.Create("esdb://localhost"));

        client.Invoking(c => c.SubscribeToAll(FromAll.Start, filterOptions: new SubscriptionFilterOptions(new OwnFilter())))
            .Should().Throw<ArgumentException>().WithMessage("*StreamFilter or EventTypeFilter*");
    }

    private sealed class OwnFilter : IEventFilter;

    private static Task Ended(StubCall call, int status, params (string, string)[] more)
    {
        call.End(status, "No.", more);
        return Task.CompletedTask;
    }
}
