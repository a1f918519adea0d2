using System.Net;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

/// <summary>Connections whose answer is written, and whose client does not take it.</summary>
public sealed class UnreadAnswerTests : IAsyncLifetime
{
    /// <summary>Longer than a test waits for anything: what ends earlier was cut.</summary>
    private static readonly TimeSpan Patience = 2 * Eventually.Limit;

    private static readonly string Answer = new('a', 60 * 1024);

    private readonly ManualTime time = new();
    private WebApplication app = null!;
    private OpenConnections connections = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        connections = builder.BoundConnections(time);
        app = builder.Build();
        app.MapGet("/", async (HttpContext http) =>
        {
            http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.SendBufferSize = 4096;
            http.Response.ContentLength = Answer.Length;
            await http.Response.WriteAsync(Answer);
        });
        await app.StartAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("close")]
    [InlineData("keep-alive")]
    public async Task A_stop_does_not_wait_for_a_client_that_does_not_take_its_answer(string connection)
    {
        using var socket = await AskAsync(connection);

        var stopping = app.StopAsync();
        await Eventually.UntilAsync("only its client is waited for, until the cut", () => time.Armed == 2);
        stopping.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(3));
        await stopping.WaitAsync(Eventually.Limit);

        (await socket.ReadToEndAsync()).Length.Should().BeLessThan(Answer.Length);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_of_the_rest_counts_as_a_connection_until_it_is_cut()
    {
        using var socket = await AskAsync("close");

        connections.Count.Should().Be(1);
        await Eventually.UntilAsync("it is cut", () =>
        {
            time.Advance(OpenConnections.TakeLimit / 4);
            return connections.Count == 0;
        });

        (await socket.ReadToEndAsync()).Length.Should().BeLessThan(Answer.Length);
    }

    [Fact]
    public async Task A_client_that_takes_the_rest_late_gets_all_of_it()
    {
        using var socket = await AskAsync("close");
        time.Advance(OpenConnections.TakeLimit / 2);

        (await socket.ReadToEndAsync()).Length.Should().BeGreaterThan(Answer.Length);

        await Eventually.UntilAsync("it is gone", () => connections.Count == 0);
    }

    /// <summary>Asks for the answer, and waits until all of it is written and only its client is waited for.</summary>
    private async Task<Socket> AskAsync(string connection)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n"));
        if (connection == "close") await Eventually.UntilAsync("its client is waited for", () => time.Armed == 1);
        else await Eventually.UntilAsync("the answer has begun", () => socket.Available > 0);
        return socket;
    }
}
