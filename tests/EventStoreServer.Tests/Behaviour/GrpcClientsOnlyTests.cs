using System.Net;
using System.Net.Http.Headers;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>The port asks its callers for no name: a web page, whatever it makes a browser send, does not get
/// in.</summary>
public sealed class GrpcClientsOnlyTests
{
    [Theory]
    [InlineData(403, "Origin", "http://evil.test")]
    [InlineData(403, "Origin", "null")]
    [InlineData(403, "Sec-Fetch-Site", "same-origin")]
    [InlineData(403, "Sec-Fetch-Mode", "no-cors")]
    [InlineData(400, "Host", "evil.test")]
    [InlineData(400, "Host", "evil.test:2113")]
    [InlineData(400, "Host", "127.0.0.1.evil.test")]
    [InlineData(415, "Content-Type", null)]
    [InlineData(415, "Content-Type", "text/plain")]
    [InlineData(415, "Content-Type", "application/json")]
    [InlineData(415, "Content-Type", "application/grpc-web")]
    [InlineData(415, "Content-Type", "application/grpc-web+proto")]
    public async Task A_browser_is_refused(int status, string header, string? value)
    {
        await using var served = await ServedLog.StartAsync();

        using var response = await SendAsync(served, header, value);

        ((int)response.StatusCode).Should().Be(status);
        (await response.Content.ReadAsStringAsync()).Should().Contain("This port");
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
    }

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "127.0.0.1:2113")]
    [InlineData("Content-Type", "application/grpc+proto")]
    [InlineData("User-Agent", "grpc-dotnet/2.85.0")]
    public async Task A_client_of_the_protocol_is_served(string header, string value)
    {
        await using var served = await ServedLog.StartAsync();

        using var response = await SendAsync(served, header, value);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/grpc");
    }

    private static async Task<HttpResponseMessage> SendAsync(ServedLog served, string header, string? value)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{served.Server.Port}{EventStoreMethods.SupportedMethods.Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (header != "Content-Type") request.Headers.TryAddWithoutValidation(header, value);
        else request.Content.Headers.ContentType = value is null ? null : MediaTypeHeaderValue.Parse(value);
        return await served.Http.SendAsync(request, default);
    }
}
