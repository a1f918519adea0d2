using System.Net;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>Middleware that an app has on for all of its endpoints, around answers that last as long as their
/// stream.</summary>
public sealed class OtherMiddlewareTests
{
    private readonly ScriptedSource source = new("told");

    [Fact]
    public async Task A_request_timeout_of_the_app_cuts_neither_driver_nor_observer_nor_upload()
    {
        await using var app = await StartAsync(
            services => services.AddRequestTimeouts(all => all.DefaultPolicy = new() { Timeout = TimeSpan.FromMilliseconds(300) }),
            own =>
            {
                // On a busy machine any other may take as long.
                own.UseWhen(IsLong, timed => timed.UseRequestTimeouts());
                own.MapGet("/slow", async http => await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted));
            });
        var id = await app.Client.CreateAsync(new { source = "told" });
        var upload = await app.Client.CreateAsync(new { source = "upload" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
        using var observer = await LiveAnswer.OfAsync(app.Client.FollowAsync(id));
        var rest = new TaskCompletionSource<string>();
        var uploading = app.Client.PostAsync($"/v1/streams/{upload}/drive", new PushContent(rest.Task));
        await source.For(new(id)).SayAsync("Before. ");

        using var timedOut = await app.Client.GetAsync("/slow");
        timedOut.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout, "the time is over for all requests that began before");
        rest.SetResult("Uploaded.");
        await source.For(new(id)).SayAsync("After.");
        source.For(new(id)).End();
        await Task.WhenAll(driver.Over, observer.Over);
        using var uploaded = await uploading;

        driver.IsCut.Should().BeFalse();
        driver.Text.Should().Be("Before. After.");
        observer.Text.Should().Be("Before. After.");
        uploaded.StatusCode.Should().Be(HttpStatusCode.OK);
        (await app.Client.QueryAsync(upload)).GetProperty("text").GetString().Should().Be("Uploaded.");
    }

    private static bool IsLong(HttpContext http) => http.Request.Path.Value is { } path
        && (path == "/slow" || path.EndsWith("/drive", StringComparison.Ordinal) || path.EndsWith("/events", StringComparison.Ordinal));

    [Fact]
    public async Task An_output_cache_of_the_app_keeps_no_answer_about_a_stream()
    {
        await using var app = await StartAsync(
            services => services.AddOutputCache(all => all.AddBasePolicy(every => every.Expire(TimeSpan.FromHours(1)))),
            own =>
            {
                own.UseOutputCache();
                own.MapGet("/counted", (Counter counter) => $"{++counter.Value}");
            });
        (await app.Client.GetStringAsync("/counted") + await app.Client.GetStringAsync("/counted")).Should().Be("11", "the cache is on");
        var id = await app.Client.CreateAsync(new { source = "told" });
        (await app.Client.QueryAsync(id)).GetProperty("status").GetString().Should().Be("pending");
        await app.Client.GetStringAsync($"/v1/streams/{id}/text");
        await app.Client.GetStringAsync("/v1/streams");

        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
        await source.For(new(id)).SayAsync("Said.");
        source.For(new(id)).End();
        await driver.Over;

        (await app.Client.QueryAsync(id)).GetProperty("status").GetString().Should().Be("done");
        (await app.Client.GetStringAsync($"/v1/streams/{id}/text")).Should().Be("Said.");
        await Eventually.UntilAsync(
            "the list says so too", async () => (await app.Client.GetStringAsync("/v1/streams")).Contains("done", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/event-stream")]
    public async Task A_compressing_app_leaves_a_running_text_as_it_comes(string accept)
    {
        await using var app = await StartAsync(
            services => services.AddResponseCompression(all => all.MimeTypes = ["text/plain", "text/event-stream", "application/json"]),
            own => own.UseResponseCompression());
        var id = await app.Client.CreateAsync(new { source = "told" });
        app.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        using var response = await app.Client.DriveAsync(id, accept);
        response.Content.Headers.ContentEncoding.Should().BeEmpty();
        using var driver = await LiveAnswer.OfAsync(Task.FromResult(response));

        await source.For(new(id)).SayAsync("First, ");
        await driver.HasAsync("First, ");
        await source.For(new(id)).SayAsync("second.");
        source.For(new(id)).End();
        await driver.Over;

        driver.Text.Should().Be("First, second.");
    }

    [Theory]
    [InlineData("POST", "drive")]
    [InlineData("GET", "events")]
    public async Task What_buffers_answers_is_told_not_to(string verb, string path)
    {
        var told = new List<string>();
        await using var app = await StartAsync(_ => { }, own => own.Use((http, next) =>
        {
            var inner = http.Features.Get<IHttpResponseBodyFeature>()!;
            http.Features.Set<IHttpResponseBodyFeature>(new Buffering(inner, () => told.Add(http.Request.Path)));
            return next(http);
        }));
        var id = await app.Client.CreateAsync(new { source = "told" });
        source.For(new(id)).End();
        using var driven = await app.Client.PostAsync($"/v1/streams/{id}/drive", null);

        using var request = new HttpRequestMessage(new(verb), $"/v1/streams/{id}/{path}");
        using var answer = await app.Client.SendAsync(request);

        told.Should().Contain($"/v1/streams/{id}/{path}").And.NotContain("/v1/streams");
    }

    private Task<OwnApp> StartAsync(Action<IServiceCollection> services, Action<WebApplication> before) => OwnApp.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<Counter>();
            services(builder.Services);
            builder.Services.AddTextStreams().AddSource(source, clients: true).AddUpload();
        },
        own =>
        {
            before(own);
            own.MapTextStreams();
        });

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class PushContent(Task<string> text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(await text));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Buffering(IHttpResponseBodyFeature inner, Action told) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public System.IO.Pipelines.PipeWriter Writer => inner.Writer;

        public Task CompleteAsync() => inner.CompleteAsync();

        public void DisableBuffering()
        {
            told();
            inner.DisableBuffering();
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);
    }
}
