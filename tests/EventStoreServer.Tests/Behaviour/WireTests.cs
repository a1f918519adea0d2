using System.Net;
using System.Net.Http.Headers;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventId = EventSourcedStreams.Domain.EventId;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What the server says over HTTP, down to the byte.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private ServedLog served = null!;

    public async Task InitializeAsync() => served = await ServedLog.StartAsync();

    public async Task DisposeAsync() => await served.DisposeAsync();

    [Fact]
    public async Task A_failure_before_any_message_stands_in_the_headers_in_printable_ASCII()
    {
        await served.Log.AppendAsync("grüße 100%", ExpectedRevision.Any, Requests.Events(1), default);
        await served.Log.TombstoneAsync("grüße 100%", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        using var call = served.Call(EventStoreMethods.Append, Requests.Append("grüße 100%", "x"));

        var headers = await call.HeadersAsync();

        headers["grpc-status"].Should().Be("9");
        headers["grpc-message"].Should().Be("Event stream 'gr%C3%BC%C3%9Fe 100%25' is deleted.");
        headers["exception"].Should().Be("stream-deleted");
        Uri.UnescapeDataString(headers["stream-name"]).Should().Be("grüße 100%");
        headers["stream-name"].Should().MatchRegex("^[!-~]+$");
        (await call.NextAsync()).Should().BeNull();
        (await call.TrailersAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_failure_behind_a_message_stands_in_the_trailers()
    {
        await served.Log.AppendAsync("ü", ExpectedRevision.Any, Requests.Events(1), default);
        using var call = served.Call(EventStoreMethods.Read, Requests.FollowStream("ü"));
        while ((await call.NextAsync(ReadResp.Parser))!.CaughtUp is null)
        {
        }

        await served.Log.TombstoneAsync("ü", ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);

        var trailers = await call.EndAsync();
        (trailers["grpc-status"], trailers["exception"]).Should().Be(("9", "stream-deleted"));
        Uri.UnescapeDataString(trailers["stream-name"]).Should().Be("ü");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "13", "13")]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, "13", "2")]
    [InlineData(new byte[] { 0, 0, 0, 0, 5, 1 }, "13", "13")]
    [InlineData(new byte[] { 0, 0, 0 }, "13", "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, "13", "2")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 }, "13", "2")]
    public async Task A_request_that_is_none_ends_the_call(byte[] body, string ofAppend, string ofRead)
    {
        foreach (var (path, status) in new[] { (EventStoreMethods.Append.Path, ofAppend), (EventStoreMethods.Read.Path, ofRead) })
        {
            using var response = await PostAsync(path, body);
            response.Headers.GetValues("grpc-status").Should().Equal(status);
        }

        await served.RoundTripAsync();
    }

    [Fact]
    public async Task A_client_that_speaks_no_gRPC_is_told_over_HTTP()
    {
        using var response = await PostAsync(EventStoreMethods.Gossip.Path, [], "application/json");

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_unimplemented()
    {
        using var response = await PostAsync("/event_store.client.gossip.Gossip/Shout", [0, 0, 0, 0, 0]);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.GetValues("grpc-status").Should().Equal("12");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string type = "application/grpc")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{served.Server.Port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        return await served.Http.SendAsync(request, default);
    }
}
