using System.Net;
using System.Net.Http.Headers;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Gossip;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EventStore.Client.Tests.Framing;

/// <summary>What a server of ours says over HTTP, down to the byte.</summary>
public sealed class ServerFramingTests : IAsyncLifetime
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler());
    private Func<GrpcServerCall<Empty, ClusterInfo>, CancellationToken, Task> handle = (_, _) => Task.CompletedTask;
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.MapGrpc(EventStoreMethods.Gossip, (call, ct) => handle(call, ct));
        app.MapGrpcUnimplemented(EventStoreMethods.Gossip.Service);
        await app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Requests_and_responses_flow_at_the_same_time()
    {
        handle = async (call, ct) =>
        {
            await foreach (var _ in call.ReadAllAsync(ct))
            {
                call.Write(new ClusterInfo { Members = { new MemberInfo() } });
                await call.FlushAsync(ct);
            }
        };
        await using var call = http.StartCall(new Uri(app.Urls.Single()), EventStoreMethods.Gossip, new GrpcCallOptions([], null), TimeProvider.System, default);
        await using var answers = call.ReadAllAsync(default).GetAsyncEnumerator();

        for (var turns = 0; turns < 3; turns++)
        {
            call.Write(new Empty());
            await call.FlushAsync(default);
            (await answers.MoveNextAsync()).Should().BeTrue();
            answers.Current.Members.Should().ContainSingle();
        }

        call.Complete();
        (await answers.MoveNextAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task A_failure_before_any_message_stands_in_the_headers()
    {
        handle = (_, _) => throw new GrpcException(
            Code.FailedPrecondition, "grüße 100%", new Dictionary<string, string> { ["exception"] = "stream-deleted", ["stream-name"] = "ü" });

        var (response, body) = await PostAsync(Frame());

        body.Should().BeEmpty();
        Header(response.Headers, "grpc-status").Should().Be("9");
        Header(response.Headers, "grpc-message").Should().Be("gr%C3%BC%C3%9Fe 100%25");
        Header(response.Headers, "exception").Should().Be("stream-deleted");
        Header(response.Headers, "stream-name").Should().Be("%C3%BC");
        response.TrailingHeaders.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failure_behind_a_message_stands_in_the_trailers()
    {
        handle = (call, _) =>
        {
            call.Write(new ClusterInfo());
            throw new GrpcException(Code.Aborted, "Later.", new Dictionary<string, string> { ["why"] = "so" });
        };

        var (response, body) = await PostAsync(Frame());

        body.Should().Equal(Frame());
        response.Headers.Contains("grpc-status").Should().BeFalse();
        Header(response.TrailingHeaders, "grpc-status").Should().Be("10");
        Header(response.TrailingHeaders, "grpc-message").Should().Be("Later.");
        Header(response.TrailingHeaders, "why").Should().Be("so");
    }

    [Fact]
    public async Task What_the_handler_throws_stays_in_the_process()
    {
        handle = (_, _) => throw new InvalidOperationException("the secret path");

        var (response, _) = await PostAsync(Frame());

        Header(response.Headers, "grpc-status").Should().Be("2");
        response.ToString().Should().NotContain("secret");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "12")]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, "8")]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 1 }, "13")]
    [InlineData(new byte[] { 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, "13")]
    public async Task A_request_that_is_none_ends_the_call(byte[] body, string status)
    {
        handle = async (call, ct) => await call.ReadAllAsync(ct).CountAsync(ct);

        var (response, _) = await PostAsync(body);

        Header(response.Headers, "grpc-status").Should().Be(status);
    }

    [Fact]
    public async Task Whoever_speaks_no_gRPC_is_told_over_HTTP() =>
        (await PostAsync([], "application/json")).Response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task A_method_that_is_not_there_is_unimplemented()
    {
        var (response, _) = await PostAsync(Frame(), path: $"/{EventStoreMethods.Gossip.Service}/Shout");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        Header(response.Headers, "grpc-status").Should().Be("12");
    }

    [Theory]
    [InlineData("5S", 5000)]
    [InlineData("300m", 300)]
    [InlineData("2M", 120_000)]
    [InlineData("1H", 3_600_000)]
    [InlineData("7000000n", 7)]
    [InlineData("9000u", 9)]
    [InlineData("5", null)]
    [InlineData("S", null)]
    [InlineData("-1S", null)]
    [InlineData("123456789m", null)]
    public async Task A_timeout_is_read_from_its_header(string header, int? milliseconds)
    {
        TimeSpan? timeout = null;
        handle = (call, _) =>
        {
            timeout = call.Timeout;
            return Task.CompletedTask;
        };

        await PostAsync(Frame(), timeout: header);

        timeout.Should().Be(milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null);
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline()
    {
        handle = (_, ct) => Task.Delay(-1, ct);

        var (response, _) = await PostAsync(Frame(), timeout: "50m");

        Header(response.Headers, "grpc-status").Should().Be("4");
    }

    [Fact]
    public async Task A_client_that_resets_the_call_is_heard()
    {
        var began = new TaskCompletionSource();
        var heard = new TaskCompletionSource();
        handle = async (call, ct) =>
        {
            began.SetResult();
            await using var registration = ct.Register(heard.SetResult);
            await heard.Task;
        };
        var call = http.StartCall(new Uri(app.Urls.Single()), EventStoreMethods.Gossip, new GrpcCallOptions([], null), TimeProvider.System, default);
        call.Write(new Empty());
        await call.FlushAsync(default);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await call.DisposeAsync();

        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static byte[] Frame() => [0, 0, 0, 0, 0];

    private static string Header(HttpHeaders headers, string name) => string.Join('|', headers.NonValidated[name]);

    private async Task<(HttpResponseMessage Response, byte[] Body)> PostAsync(
        byte[] body, string type = "application/grpc", string? path = null, string? timeout = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(app.Urls.Single()), path ?? EventStoreMethods.Gossip.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        if (timeout is not null) request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
        var response = await http.SendAsync(request, default);
        return (response, await response.Content.ReadAsByteArrayAsync());
    }
}
