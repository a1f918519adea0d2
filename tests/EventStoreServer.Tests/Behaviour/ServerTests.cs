using System.Net;
using System.Net.NetworkInformation;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventStoreServer.Tests;

public sealed class ServerTests
{
    [Fact]
    public async Task Stopping_ends_every_call_as_unavailable()
    {
        await using var served = await ServedLog.StartAsync();
        using var stream = served.Call(EventStoreMethods.Read, Requests.FollowStream("none"));
        using var all = served.Call(EventStoreMethods.Read, Requests.FollowAll(filter: Requests.ByStream("none")));
        using var batch = served.Call(EventStoreMethods.BatchAppend, Requests.Batch("a", -1, "x"));
        (await stream.NextAsync(ReadResp.Parser))!.Confirmation.Should().NotBeNull();
        (await all.NextAsync(ReadResp.Parser))!.Confirmation.Should().NotBeNull();
        (await batch.NextAsync(BatchAppendResp.Parser))!.Success.Should().NotBeNull();

        var stopped = served.Server.DisposeAsync();
        foreach (var call in new[] { stream, all, batch }) (await call.EndAsync())["grpc-status"].Should().Be("14");
        await stopped.AsTask().WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Subscribers_that_read_nothing_do_not_hold_a_stop_up()
    {
        await using var served = await ServedLog.StartAsync();
        for (var i = 0; i < 20; i++)
            await served.Log.AppendAsync("long", ExpectedRevision.Any, Requests.Events(20, bytes: 20_000, from: i * 20), default);
        using var stream = served.Call(EventStoreMethods.Read, Requests.FollowStream("long"));
        using var all = served.Call(EventStoreMethods.Read, Requests.FollowAll());
        await stream.HeadersAsync();
        await all.HeadersAsync();

        using var watch = RunningWatch.Start();
        await served.Server.DisposeAsync();

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_log_that_is_closed_first_ends_calls_as_unavailable_too()
    {
        await using var served = await ServedLog.StartAsync();
        using var stream = served.Call(EventStoreMethods.Read, Requests.FollowStream("none"));
        using var all = served.Call(EventStoreMethods.Read, Requests.FollowAll());
        (await stream.NextAsync(ReadResp.Parser)).Should().NotBeNull();
        (await all.NextAsync(ReadResp.Parser)).Should().NotBeNull();

        await served.Log.DisposeAsync();

        (await stream.EndAsync())["grpc-status"].Should().Be("14");
        (await all.EndAsync())["grpc-status"].Should().Be("14");
        using var append = served.Call(EventStoreMethods.Append, Requests.Append("a", "x"));
        (await append.EndAsync())["grpc-status"].Should().Be("14");
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline()
    {
        await using var served = await ServedLog.StartAsync();
        var isConfirmed = false;

        // Or it is over before the call is heard.
        for (var seconds = 2; !isConfirmed; seconds *= 4)
        {
            seconds.Should().BeLessThan((int)Eventually.Limit.TotalSeconds);
            using var call = served.Call(
                EventStoreMethods.Read.Path, [Requests.FollowStream("none").ToByteArray()], new Dictionary<string, string> { ["grpc-timeout"] = $"{seconds}S" });
            isConfirmed = await call.NextAsync(ReadResp.Parser) is { Confirmation: not null };

            (await call.EndAsync())["grpc-status"].Should().Be("4");
        }
    }

    [Fact]
    public async Task It_listens_on_the_loopback_address_only_and_a_port_that_is_taken_is_an_error()
    {
        await using var served = await ServedLog.StartAsync();

        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == served.Server.Port)
            .Should().Equal(new IPEndPoint(IPAddress.Loopback, served.Server.Port));
        await FluentActions.Awaiting(() => EmbeddedLogServer.StartAsync(
            served.Log, served.Server.Port, TimeProvider.System, NullLoggerFactory.Instance, default)).Should().ThrowAsync<IOException>();
    }

    [Theory]
    [InlineData("(", "3")]
    [InlineData(@"^(\w+\s?)+\1$", "3")]
    public async Task A_regular_expression_that_is_none_or_takes_too_long_ends_only_its_own_call(string regex, string status)
    {
        await using var served = await ServedLog.StartAsync();
        var stream = new string('a', 60) + "!";
        await served.Log.AppendAsync(stream, ExpectedRevision.Any, Requests.Events(1), default);
        using var call = served.Call(EventStoreMethods.Read, Requests.FollowAll(filter: Requests.ByStream(regex: regex)));

        (await call.EndAsync())["grpc-status"].Should().Be(status);
        (await served.Log.ReadAsync(stream, 0, true, 1, Domain.ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Page>();
    }

    [Fact]
    public async Task A_filtered_read_needs_no_checkpoints()
    {
        await using var served = await ServedLog.StartAsync();
        await served.Log.AppendAsync("mine", ExpectedRevision.Any, Requests.Events(3), default);
        var read = Requests.FollowAll(filter: Requests.ByStream("mine"));
        read.Options.Filter.CheckpointIntervalMultiplier = 0;
        read.Options.Count = 10;
        using var call = served.Call(EventStoreMethods.Read, read);

        for (var i = 0; i < 3; i++) (await call.NextAsync(ReadResp.Parser))!.Event.Should().NotBeNull();
        (await call.EndAsync())["grpc-status"].Should().Be("0");
    }

    [Fact]
    public async Task Names_that_cannot_be_are_refused()
    {
        await using var served = await ServedLog.StartAsync();
        foreach (var name in new[] { ByteString.CopyFrom(0xFF, 0xFE), ByteString.CopyFromUtf8("a\0b"), ByteString.CopyFromUtf8(new string('n', 5000)) })
        {
            var requests = Requests.Append("x", "1");
            requests[0].Options.StreamIdentifier.StreamName = name;
            using var call = served.Call(EventStoreMethods.Append, requests);
            (await call.EndAsync())["grpc-status"].Should().Be("3");
        }
    }

    [Fact]
    public async Task Metadata_are_not_deleted_like_a_stream()
    {
        await using var served = await ServedLog.StartAsync();
        await served.Log.SetLimitsAsync("a", new StreamLimits(1, null), default);
        var delete = new DeleteReq { Options = new DeleteReq.Types.Options { StreamIdentifier = Requests.Name("$$a"), Any = new Empty() } };
        var tombstone = new TombstoneReq { Options = new TombstoneReq.Types.Options { StreamIdentifier = Requests.Name("$$a"), Any = new Empty() } };

        using var deleting = served.Call(EventStoreMethods.Delete, delete);
        using var tombstoning = served.Call(EventStoreMethods.Tombstone, tombstone);

        (await deleting.EndAsync())["grpc-status"].Should().Be("3");
        (await tombstoning.EndAsync())["grpc-status"].Should().Be("3");
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused_before_it_has_come()
    {
        await using var served = await ServedLog.StartAsync();
        using var call = served.Call(EventStoreMethods.Append, Requests.Append("x", new string('x', 5_000_000)));

        (await call.EndAsync())["grpc-status"].Should().Be("8");
    }

    [Fact]
    public async Task A_message_that_is_none_is_refused_and_the_server_goes_on()
    {
        await using var served = await ServedLog.StartAsync();
        using var call = served.Call(EventStoreMethods.Append.Path, ["\xFF\xFF\xFF"u8.ToArray()]);

        (await call.EndAsync())["grpc-status"].Should().NotBe("0");
        await served.RoundTripAsync();
    }
}
