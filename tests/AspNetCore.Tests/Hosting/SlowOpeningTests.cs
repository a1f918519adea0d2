using System.Net;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

public sealed class SlowOpeningTests
{
    [Fact]
    public async Task A_store_that_fails_in_its_own_way_after_the_start_has_gone_on_is_tried_again()
    {
        var clock = new ManualTime();
        var opener = new FailingOnce(new InMemoryStore(clock));
        await using var app = OwnApp.Build(builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            ((ITextStreamsBuilder)builder.Services.AddTextStreams().AddSource(new ScriptedSource("told"), clients: true)).UseEventStore(_ => opener);
        });
        var starting = app.StartAsync();
        await Eventually.UntilAsync("the start waits no longer", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return starting.IsCompleted;
        });
        await starting;

        opener.Fail();

        await Eventually.UntilAsync("it is open", async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            using var listed = await app.Client.GetAsync("/v1/streams");
            return listed.StatusCode == HttpStatusCode.OK;
        });
    }

    private sealed class FailingOnce(InMemoryStore store) : IEventStoreOpener
    {
        private readonly TaskCompletionSource<OpenedEventStore> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int tries;

        public string? CachePath => null;

        public void Fail() => first.SetException(new InvalidOperationException("Nothing that it was made for."));

        public Task<OpenedEventStore> OpenAsync(StreamPrefix prefix, TimeProvider time, ILogger logger, CancellationToken ct) =>
            Interlocked.Increment(ref tries) == 1 ? first.Task : Task.FromResult(new OpenedEventStore(new InMemoryEventStore(store), () => null));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
