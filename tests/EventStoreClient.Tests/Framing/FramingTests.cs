using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using EventStore.Client.Tests.Stub;

namespace EventStore.Client.Tests.Framing;

/// <summary>What a client makes of what comes over HTTP, down to the byte.</summary>
public sealed class FramingTests
{
    [Fact]
    public async Task A_message_may_come_in_any_pieces()
    {
        var info = new ClusterInfo { Members = { new MemberInfo { TimeStamp = 1 } } };
        var body = Framed(Google.Protobuf.MessageExtensions.ToByteArray(info)).Concat(Framed([])).ToArray();
        await using var server = await ServerAsync(async call =>
        {
            foreach (var one in body) await call.WriteRawAsync([one]);
            call.End(0);
        });

        (await ReadAsync(server)).Should().Equal(info, new ClusterInfo());
    }

    [Fact]
    public async Task A_compressed_message_is_refused() =>
        await FailsAsync(Code.Unimplemented, "*compressed*", call => call.WriteRawAsync([1, 0, 0, 0, 0]));

    [Fact]
    public async Task A_message_too_long_to_be_true_is_refused_by_its_header() =>
        await FailsAsync(Code.ResourceExhausted, "*4294967295 bytes*", call => call.WriteRawAsync([0, 255, 255, 255, 255]));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task A_body_that_ends_in_a_message_is_refused(int length) =>
        await FailsAsync(Code.Internal, "*middle of a message*", async call =>
        {
            await call.WriteRawAsync(new byte[] { 0, 0, 0, 0, 5, 0, 0, 0, 0 }[..length]);
            call.End(0);
        });

    [Fact]
    public async Task A_message_that_is_none_is_refused() =>
        await FailsAsync(Code.Internal, "*no ClusterInfo*", call => call.WriteRawAsync(Framed([0xFF, 0xFF])));

    [Fact]
    public async Task A_status_may_stand_in_the_headers_alone()
    {
        var failure = await FailsAsync(Code.FailedPrecondition, "No.", call =>
        {
            call.End(9, "No.", ("exception", "stream-deleted"), ("Stream-Name", "a"));
            return Task.CompletedTask;
        });

        failure.Trailers["exception"].Should().Be("stream-deleted");
        failure.Trailers["stream-name"].Should().Be("a");
    }

    [Fact]
    public async Task A_status_may_stand_behind_the_messages()
    {
        var failure = await FailsAsync(Code.Aborted, "Later.", async call =>
        {
            await call.WriteRawAsync(Framed([]));
            call.End(10, "Later.", ("why", "so"));
        });

        failure.Trailers["why"].Should().Be("so");
    }

    [Theory]
    [InlineData("gr%C3%BC%C3%9Fe 100%25", "grüße 100%")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("plain", "plain")]
    public async Task Texts_are_percent_decoded_and_what_is_no_code_stays(string sent, string read)
    {
        var failure = await FailsAsync(Code.Unknown, null, call =>
        {
            call.End(2, sent, ("stream-name", sent));
            return Task.CompletedTask;
        });

        failure.Detail.Should().Be(read);
        failure.Trailers["stream-name"].Should().Be(read);
    }

    [Theory]
    [InlineData(400, Code.Internal)]
    [InlineData(401, Code.Unauthenticated)]
    [InlineData(403, Code.PermissionDenied)]
    [InlineData(404, Code.Unimplemented)]
    [InlineData(429, Code.Unavailable)]
    [InlineData(502, Code.Unavailable)]
    [InlineData(503, Code.Unavailable)]
    [InlineData(504, Code.Unavailable)]
    [InlineData(500, Code.Unknown)]
    public async Task A_proxys_answer_is_told_by_its_status(int status, Code code) =>
        await FailsAsync(code, $"*{status}*", call =>
        {
            call.Http.Response.StatusCode = status;
            return Task.CompletedTask;
        });

    [Fact]
    public async Task A_body_that_is_not_grpc_is_no_answer() =>
        await FailsAsync(Code.Unknown, "*text/html*", async call =>
        {
            call.Http.Response.ContentType = "text/html";
            await call.Http.Response.Body.WriteAsync("<html>"u8.ToArray());
        });

    [Fact]
    public async Task An_end_without_a_status_is_a_loss() =>
        await FailsAsync(Code.Unavailable, "*without saying how*", call => call.WriteRawAsync(Framed([])));

    [Theory]
    [InlineData(8, Code.Cancelled)]
    [InlineData(11, Code.ResourceExhausted)]
    [InlineData(12, Code.PermissionDenied)]
    [InlineData(7, Code.Unavailable)]
    [InlineData(2, Code.Unavailable)]
    public async Task A_reset_is_told_by_its_code(int error, Code code) =>
        await FailsAsync(code, null, async call =>
        {
            await call.BeginAsync();
            call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(error);
        });

    [Fact]
    public async Task A_call_that_the_server_refused_is_a_loss_and_is_not_repeated_without_its_requests()
    {
        await using var server = (await StubServer.StartAsync()).On(StubServer.Gossip, async call =>
        {
            await call.ReadAsync();
            call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(7);
        });
        var read = () => ReadAsync(server);

        (await read.Should().ThrowAsync<GrpcException>()).Which.Status.Should().Be(Code.Unavailable);
    }

    [Fact]
    public async Task A_call_over_connections_that_were_closed_for_good_is_a_loss()
    {
        var http = new HttpMessageInvoker(new SocketsHttpHandler());
        http.Dispose();
        await using var call = http.StartCall(
            new Uri("http://127.0.0.1:1"), EventStoreMethods.Gossip, new GrpcCallOptions([], null), TimeProvider.System, default);
        call.Write(new Empty());
        call.Complete();
        var read = () => call.ReadSingleAsync(default);

        (await read.Should().ThrowAsync<GrpcException>()).Which.Status.Should().Be(Code.Unavailable);
    }

    [Fact]
    public async Task A_call_that_ended_well_without_its_answer_is_a_fault_of_the_server()
    {
        await using var server = await ServerAsync(call =>
        {
            call.End(0);
            return Task.CompletedTask;
        });
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var call = http.StartCall(
            new Uri($"http://127.0.0.1:{server.Port}"), EventStoreMethods.Gossip, new GrpcCallOptions([], null), TimeProvider.System, default);
        call.Write(new Empty());
        call.Complete();
        var read = () => call.ReadSingleAsync(default);

        (await read.Should().ThrowAsync<GrpcException>()).Which.Status.Should().Be(Code.Internal);
    }

    [Fact]
    public async Task A_deadline_is_told_to_the_server_and_kept_without_it()
    {
        var timeout = "";
        await using var server = await ServerAsync(call =>
        {
            timeout = call.Headers["grpc-timeout"];
            return call.UntilResetAsync();
        });
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var call = http.StartCall(
            new Uri($"http://127.0.0.1:{server.Port}"),
            EventStoreMethods.Gossip,
            new GrpcCallOptions([], TimeSpan.FromMilliseconds(300)),
            TimeProvider.System,
            default);
        call.Write(new Empty());
        call.Complete();
        var read = () => call.ReadSingleAsync(default);

        (await read.Should().ThrowAsync<GrpcException>()).Which.Status.Should().Be(Code.DeadlineExceeded);
        timeout.Should().Be("300m");
    }

    private static byte[] Framed(byte[] message) => [0, 0, 0, 0, (byte)message.Length, .. message];

    private static async Task<StubServer> ServerAsync(Func<StubCall, Task> answer) => (await StubServer.StartAsync()).On(StubServer.Gossip, async call =>
    {
        await call.ReadToEndAsync();
        await answer(call);
    });

    private static async Task<List<ClusterInfo>> ReadAsync(StubServer server)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        await using var call = http.StartCall(
            new Uri($"http://127.0.0.1:{server.Port}"), EventStoreMethods.Gossip, new GrpcCallOptions([], null), TimeProvider.System, default);
        call.Write(new Empty());
        call.Complete();
        return await call.ReadAllAsync(default).ToListAsync();
    }

    private static async Task<GrpcException> FailsAsync(Code code, string? detail, Func<StubCall, Task> answer)
    {
        await using var server = await ServerAsync(answer);
        var read = () => ReadAsync(server);

        var failure = (await read.Should().ThrowAsync<GrpcException>()).Which;
        failure.Status.Should().Be(code);
        if (detail is not null) failure.Detail.Should().Match(detail);
        return failure;
    }
}
