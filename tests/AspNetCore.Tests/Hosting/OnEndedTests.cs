using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>Handlers of endings as an app registers them.</summary>
public sealed class OnEndedTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScriptedSource script = new();
    private readonly Told told = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_handler_is_made_in_a_scope_of_its_own_for_every_stream_that_ends()
    {
        await using var app = await StartAsync(streams => streams.OnEnded<Billing>().OnEnded<Billing>());
        for (var i = 0; i < 3; i++) await EndAsync(app, $"s{i}");
        await Eventually.UntilAsync("all were told", () => told.Ids.Count == 3);

        told.Ids.Should().Equal("s0", "s1", "s2");
        told.Scopes.Distinct().Should().HaveCount(3);
    }

    [Fact]
    public async Task After_a_stop_and_a_start_no_ending_comes_twice()
    {
        await using (var app = await StartAsync(streams => streams.OnEnded<Billing>("billing")))
        {
            await EndAsync(app, "first");
            await app.Services.GetRequiredService<TextStreams>().CreateAsync(new NewTextStream("script") { Id = "stopped" });
            var running = app.Services.GetRequiredService<TextStreams>().RunAsync(new StreamId("stopped"));
            await script.For(new("stopped")).Begun;
            await Eventually.UntilAsync("the first was told", () => told.Ids.Count == 1);
            await app.StopAsync();
        }

        await using var again = await StartAsync(streams => streams.OnEnded<Billing>("billing"));
        await EndAsync(again, "second");
        await Eventually.UntilAsync("all were told", () => told.Ids.Count >= 3);

        told.Ids.Should().Equal("first", "stopped", "second");
    }

    [Fact]
    public async Task A_handler_that_fails_degrades_health_in_words_and_keeps_serving()
    {
        told.Fails = true;
        await using var app = await StartAsync(streams => streams.OnEnded<Billing>("billing"));
        await EndAsync(app, "first");
        await Eventually.UntilAsync("health says so", async () => (await ReadyAsync(app)).GetProperty("status").GetString() == "degraded");

        (await ReadyAsync(app)).GetProperty("ended-handlers").GetString().Should().Contain("'billing'").And.Contain("'first'").And.NotContain("secret");
        told.Fails = false;
        await Eventually.UntilAsync("health is well again", async () => (await ReadyAsync(app)).GetProperty("status").GetString() == "ok");
        told.Ids.Should().Equal("first");
    }

    [Fact]
    public async Task Two_handlers_of_one_name_and_a_name_that_cannot_be_stored_are_errors_in_words()
    {
        await FluentActions.Awaiting(() => StartAsync(streams => streams.OnEnded<Billing>("same").OnEnded<Saving>("same")))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*'same'*another*");
        await FluentActions.Awaiting(() => StartAsync(streams => streams.OnEnded<Billing>("no spaces")))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*letters, digits*");
    }

    private static async Task<JsonElement> ReadyAsync(HostedApp app) => await app.Client.GetFromJsonAsync<JsonElement>("/health/ready");

    private Task<HostedApp> StartAsync(Action<TextStreamsBuilder> configure) => HostedApp.StartAsync(
        new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path },
        streams =>
        {
            streams.Services.AddSingleton(told);
            streams.Services.AddScoped<Scope>();
            configure(streams);
        },
        script);

    private async Task EndAsync(HostedApp app, string id)
    {
        var streams = app.Services.GetRequiredService<TextStreams>();
        var running = streams.RunAsync(new NewTextStream("script") { Id = id });
        script.For(new(id)).End();
        (await running).IsDone.Should().BeTrue();
    }

    private sealed class Scope;

    private sealed class Told
    {
        public ConcurrentQueue<string> Ids { get; } = new();

        public ConcurrentQueue<Scope> Scopes { get; } = new();

        public bool Fails { get; set; }
    }

    private sealed class Billing(Told told, Scope scope) : IStreamEndedHandler
    {
        public async Task HandleAsync(StreamSummary stream, CancellationToken ct)
        {
            await Task.Yield();
            if (told.Fails) throw new InvalidOperationException("a secret");
            told.Ids.Enqueue(stream.Id.Value);
            told.Scopes.Enqueue(scope);
        }
    }

    private sealed class Saving : IStreamEndedHandler
    {
        public Task HandleAsync(StreamSummary stream, CancellationToken ct) => Task.CompletedTask;
    }
}
