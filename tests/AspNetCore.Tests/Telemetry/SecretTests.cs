using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using EventSourcedStreams.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>
/// Whatever goes wrong, what streams say, what they were asked and what callers are known by is in no line of the log,
/// whatever its level, in no span, no metric and nothing that a collector gets; and no refusal has another's secret.
/// </summary>
public sealed class SecretTests
{
    /// <summary>Each marked with where it goes in, and all alike, so that one search finds them.</summary>
    private const string Mark = "hush-hush";

    [Fact]
    public async Task No_error_path_tells_what_it_was_given()
    {
        await using var collector = await StubCollector.StartAsync();
        var refusals = new List<string>();
        RecordedLogs logs;
        string metrics;
        using (var spans = new RecordedSpans())
        {
            await using (var provider = await LoudProvider.StartAsync())
            await using (var host = await SeenHost.StartAsync(Settings(collector, provider), AddSources, MapFaulty))
            {
                host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"{Mark}-bearer");
                refusals.AddRange(await RefusedAsync(host));
                await FailedStreamsAsync(host);
                await BrokenRequestsAsync(host);
                await UnknownCallersAsync(host, refusals);
                metrics = await host.MetricsAsync();
                logs = host.Logs;
            }

            logs.Lines.Should().NotBeEmpty().And.Contain(line => line.Contains("failed"), "the faults themselves are told");
            logs.Lines.Where(line => line.Contains(Mark)).Should().BeEmpty();
            metrics.Should().Contain("textstreams_endings_total").And.NotContain(Mark);
            spans.ToString().Should().Contain("stream.id").And.NotContain(Mark);
        }

        collector.Of("traces").Should().NotBeEmpty();
        collector.Of("logs").Should().NotBeEmpty();
        collector.ToString().Should().NotContain(Mark);
        refusals.Should().HaveCountGreaterThan(15).And.OnlyContain(refusal => refusal.Contains("type"));
        refusals.Where(refusal => refusal.Contains(Mark)).Should().BeEmpty();
    }

    private static Dictionary<string, string?> Settings(StubCollector collector, LoudProvider provider) => new(collector.Variables)
    {
        ["OpenAI:BaseUrl"] = provider.Url,
        ["OpenAI:ApiKey"] = $"{Mark}-key",
        ["OpenAI:Model"] = "gpt",
        ["OpenAI:Query:code"] = $"{Mark}-query",
        ["OpenAI:Headers:x-key"] = $"{Mark}-header",
        ["Streams:SweepInterval"] = "00:00:00.100",
        ["Auth:Keys:ops:Hash"] = ApiKey.HashOf($"{Mark}-bearer"),
        ["Auth:Keys:ops:Rights"] = "admin",
        ["Auth:TokenKeys:0"] = $"{Mark}-token-key-{new string('k', 32)}",
        ["Auth:AccessLog"] = "true",
    };

    /// <summary>Sources and a handler that put what they know into their exceptions.</summary>
    private static void AddSources(TextStreamsBuilder streams)
    {
        foreach (var where in Enum.GetValues<Throws>()) streams.AddSource(new LoudSource(where), clients: true);
        streams.AddSource("quiet", async (_, append, _) => await append($"{Mark}-text"), clients: true);
        streams.OnEnded<LoudHandler>();
    }

    private static void MapFaulty(WebApplication app) =>
        app.MapGet("/faulty", string (HttpContext _) => throw new InvalidOperationException($"{Mark}-endpoint"));

    /// <summary>Requests that are refused, with what the refusals say.</summary>
    private static async Task<List<string>> RefusedAsync(SeenHost host)
    {
        var (client, id) = (host.Client, await host.Client.CreateAsync(new { source = "quiet", input = new { prompt = $"{Mark}-input" }, labels = new { note = $"{Mark}-label" } }));
        var token = $"token={Mark}-token";
        List<HttpResponseMessage> answers =
        [
            await client.GetAsync($"/v1/streams/missing?{token}"),
            await client.GetAsync($"/v1/streams/missing/events?{token}"),
            await client.GetAsync($"/v1/streams/{id}?at=never&{token}"),
            await client.GetAsync($"/v1/streams/{id}/events?after=never&{token}"),
            await client.GetAsync($"/v1/streams?limit=0&{token}"),
            await client.GetAsync($"/v1/streams?cursor=x&{token}"),
            await client.GetAsync($"/nowhere?{token}"),
            await client.GetAsync($"/faulty?{token}"),
            await client.PutAsync($"/v1/streams?{token}", null),
            await client.PostAsync($"/v1/streams/{id}/drive?continue=maybe&{token}", null),
            await client.PostAsync($"/v1/streams?{token}", Json($$"""{"source":"quiet","input":{"prompt":"{{Mark}}-broken" """)),
            await client.PostAsync("/v1/streams", Json($$"""{"source":"quiet","input":"{{Mark}}-input","labels":{"note":["{{Mark}}-label"]} } """)),
            await client.PostAsync("/v1/streams", Json($$"""{"source":"none-such","input":"{{Mark}}-input"}""")),
            await client.PostAsync("/v1/streams", Json($$"""{"source":"quiet","idleTimeoutSeconds":-1,"input":"{{Mark}}-input"}""")),
            await client.PostAsync("/v1/streams", Json($$"""{"source":"openai","input":{"messages":"{{Mark}}-input"} } """)),
            await client.PostAsync("/v1/streams", Json($$"""{"id":"{{id}}","source":"quiet","input":"{{Mark}}-other"}""")),
            await client.PostAsync("/v1/streams", new ByteArrayContent([.. Encoding.UTF8.GetBytes($"{{\"source\":\"{Mark}"), 0xff])),
            await client.PostAsync("/v1/streams", Json($$"""{"source":"loud-Validate","input":"{{Mark}}-input"}""")),
            await client.PostAsync("/v1/streams", Json(new string('[', 5_000) + Mark)),
        ];
        var loud = await client.CreateAsync(new { source = "loud-Describe", input = $"{Mark}-input" });
        answers.Add(await client.DriveAsync(loud));
        var upload = await client.CreateAsync(new { source = "upload" });
        answers.Add(await client.PostAsync($"/v1/streams/{upload}/drive", new ByteArrayContent([.. Encoding.UTF8.GetBytes($"{Mark}-upload "), 0xff, 0xff])));
        answers.Should().OnlyContain(answer => (int)answer.StatusCode >= 400);
        return [.. await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))];
    }

    /// <summary>Streams that end in every way, their own words being theirs.</summary>
    private static async Task FailedStreamsAsync(SeenHost host)
    {
        foreach (var source in new[] { "loud-Run", "loud-Failed", "loud-Late", "openai", "quiet" })
        {
            object input = source == "openai"
                ? new { model = "gpt", messages = new[] { new { role = "user", content = $"{Mark}-input" } } }
                : new { prompt = $"{Mark}-input" };
            var id = await host.Client.CreateAsync(new { source, input, labels = new { note = $"{Mark}-label" } });
            using var driver = await host.Client.DriveAsync(id, StreamRequests.Events);
            await driver.Content.ReadAsStringAsync();
        }

        var cancelled = await host.Client.CreateAsync(new { source = "loud-Never", input = $"{Mark}-input" });
        using var running = await host.Client.DriveAsync(cancelled);
        using var follower = await host.Client.FollowAsync(cancelled);
        await host.Client.PostAsJsonAsync($"/v1/streams/{cancelled}/cancel", new { reason = $"{Mark}-reason" });
        await host.Client.DeleteAsync(new Uri($"/v1/streams/{cancelled}?reason={Mark}-reason&token={Mark}-token", UriKind.Relative));
        await Eventually.UntilAsync("the handler has failed", () => host.Logs.Lines.Any(line => line.Contains("Handler") && line.Contains("failed")));
    }

    /// <summary>Callers with keys and tokens that are good for nothing.</summary>
    private static async Task UnknownCallersAsync(SeenHost host, List<string> refusals)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        foreach (var header in new[] { $"Bearer {Mark}-wrong", $"Basic {Mark}-basic", $"Bearer {Mark}.{Mark}.{Mark}", $"{Mark}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams?token={Mark}-token");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using var answer = await client.SendAsync(request);
            refusals.Add(await answer.Content.ReadAsStringAsync());
        }

        refusals.Add(await (await client.GetAsync($"/v1/streams/a/events?token={Mark}-token")).Content.ReadAsStringAsync());
        refusals.Add(await (await client.GetAsync($"/metrics?token={Mark}-token")).Content.ReadAsStringAsync());
    }

    /// <summary>Clients that break off, or speak something else.</summary>
    private static async Task BrokenRequestsAsync(SeenHost host)
    {
        var id = await host.Client.CreateAsync(new { source = "upload" });
        foreach (var request in new[]
        {
            $"POST /v1/streams/{id}/drive?token={Mark}-token HTTP/1.1\r\nHost: {host.Address.Authority}\r\nContent-Length: 500\r\n\r\n{Mark}-cut",
            $"GET /v1/streams/{id}?token={Mark}-token HTTP/1.1\r\nHost: {host.Address.Authority}\r\nBad header {Mark}\r\n\r\n",
            $"{Mark} / HTTP/1.1\r\n\r\n",
            $"GET /?token={Mark} HTTP/9.9\r\n\r\n",
        })
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host.Address.Host, host.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request));
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                while (await socket.ReceiveAsync(new byte[4096]).WaitAsync(Eventually.Limit) > 0) { }
            }
            catch (SocketException)
            {
                // It has answered and closed, with some of the body unread.
            }
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private enum Throws
    {
        Validate,
        Describe,
        Run,
        Failed,
        Late,
        Never,
    }

    private sealed class LoudSource(Throws where) : ITextSource
    {
        public string Name => $"loud-{where}";

        public void Validate(JsonElement? input) => ThrowAt(Throws.Validate);

        public SourceDescription Describe(JsonElement? input)
        {
            ThrowAt(Throws.Describe);
            return new("loud.example", "loud-1");
        }

        public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
        {
            ThrowAt(Throws.Run);
            await output.AppendAsync($"{Mark}-text");
            ThrowAt(Throws.Late);
            if (where == Throws.Failed) throw new SourceFailedException("loud", $"{Mark}-words", Fault());
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return SourceResult.Ended;
        }

        private void ThrowAt(Throws here)
        {
            if (here == where) throw Fault();
        }

        private static InvalidOperationException Fault() => new($"{Mark}-fault", new ArgumentException($"{Mark}-inner"));
    }

    private sealed class LoudHandler : IStreamEndedHandler
    {
        public Task HandleAsync(StreamSummary stream, CancellationToken ct) => throw new InvalidOperationException($"{Mark}-handler {stream.Usage}");
    }

    /// <summary>A provider that refuses, and quotes in its refusal all that it was sent.</summary>
    private sealed class LoudProvider : IAsyncDisposable
    {
        private readonly WebApplication app;

        private LoudProvider()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.Run(async http =>
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
                await http.Response.WriteAsJsonAsync(new { error = new { message = $"{http.Request.QueryString} {http.Request.Headers.Authorization} {body}", code = "bad" } });
            });
        }

        public string Url => app.Urls.Single() + "/v1";

        public static async Task<LoudProvider> StartAsync()
        {
            var provider = new LoudProvider();
            await provider.app.StartAsync();
            return provider;
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
