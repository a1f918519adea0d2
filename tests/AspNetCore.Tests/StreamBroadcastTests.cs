using System.Collections.Concurrent;
using System.Text;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class StreamBroadcastTests
{
    [Fact]
    public async Task Nobody_joins_behind_the_last_frame_to_wait_for_ever()
    {
        await using var app = await TextStreamsApp.StartAsync(new());
        var id = await app.CreateAsync();
        (await app.Client.DeleteAsync($"/v1/streams/{id}")).IsSuccessStatusCode.Should().BeTrue();
        await using var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System);

        await Eventually.UntilAsync(
            "a late observer is sent to the log", () => broadcast.TryJoin(new BroadcastObserver(1024), Revision.From(0)) is null);
    }

    [Fact]
    public async Task What_ends_a_broadcast_before_its_stream_is_logged()
    {
        RefusingLog? log = null;
        await using var app = await TextStreamsApp.StartAsync(new() { Wrap = inner => log = new RefusingLog(inner) });
        var id = await app.CreateDoneAsync("One. ", "Two. ");
        log!.Damaged = ($"text-{id}", 3);
        var logger = new KeptLog();
        await using var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System, logger);

        await Eventually.UntilAsync("it is said", () => !logger.Entries.IsEmpty);

        var (level, exception) = logger.Entries.Should().ContainSingle().Which;
        level.Should().Be(LogLevel.Error);
        exception.Should().BeOfType<LogDamagedException>();
    }

    [Fact]
    public async Task A_broadcast_outlives_a_cancellation_that_is_not_its_own_and_says_so()
    {
        NearNodeStore? store = null;
        await using var app = await TextStreamsApp.StartAsync(new() { Wrap = inner => store = new NearNodeStore(inner) });
        var id = await app.CreateDoneAsync("One.");
        var (time, logger) = (new ManualTime(), new KeptLog());
        store!.FailFollower(new TaskCanceledException("a deadline of the client's own"));
        await using var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, time, logger);
        var observer = new BroadcastObserver(1024);
        var frame = broadcast.TryJoin(observer, Revision.From(0))!;

        await Eventually.UntilAsync("the end has come", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            while (frame.Next is { } next) frame = next;
            return frame.Kind is BroadcastFrameKind.Last or BroadcastFrameKind.Broken;
        });

        frame.Kind.Should().Be(BroadcastFrameKind.Last);
        logger.Entries.Should().ContainSingle().Which.Exception.Should().BeOfType<TaskCanceledException>();
    }

    [Fact]
    public async Task An_ending_that_the_log_has_is_told_before_observers_are_let_go()
    {
        // It is read within 1 s.
        await using var app = await TextStreamsApp.StartAsync(new() { Time = new SlowTime(60) });
        var id = await app.CreateDoneAsync("One. ", "Two. ");
        var broadcasts = new StreamBroadcasts(app.Engine);
        var observer = new BroadcastObserver(1024);
        broadcasts.TryJoin(new StreamId(id), Revision.From(0), observer).Should().NotBeNull();

        await broadcasts.DisposeAsync();

        var frame = observer.Place!;
        while (frame.Next is { } next) frame = next;
        frame.Kind.Should().Be(BroadcastFrameKind.Last);
        Encoding.UTF8.GetString(frame.Bytes.Span).Should().Contain("done");
    }

    [Fact]
    public async Task An_observer_that_takes_nothing_keeps_no_frames_but_those_that_are_kept_for_all()
    {
        await using var app = await TextStreamsApp.StartAsync(new());
        var id = await app.CreateAsync();
        var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System, memory: app.Engine.Memory);
        var observer = new BroadcastObserver(1024);
        var first = Joined(broadcast, observer);
        using var driver = await app.DriveAsync(id);
        var drained = driver.Content.ReadAsStringAsync();

        for (var i = 0; i < 100; i++) await app.Script.For(new(id)).SayAsync(new string('x', 9999) + "\n");

        await Eventually.UntilAsync("it is behind", () => observer.IsBehind);
        observer.Place.Should().BeNull();
        await Eventually.UntilAsync("the frames that it was at are gone", () =>
        {
            GC.Collect();
            return !first.TryGetTarget(out _);
        });
        app.Script.For(new(id)).End();
        (await drained).Length.Should().Be(1_000_000);
        await broadcast.DisposeAsync();
        await Eventually.UntilAsync("no frame counts any more", () => app.Engine.Memory.Held == 0);
    }

    [Fact]
    public async Task Each_of_a_thousand_observers_that_wait_is_woken_for_what_comes()
    {
        await using var app = await TextStreamsApp.StartAsync(new());
        var id = await app.CreateAsync();
        await using var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System);
        var waiting = new List<Task>();
        for (var i = 0; i < 1000; i++)
        {
            var observer = new BroadcastObserver(1024);
            broadcast.TryJoin(observer, Revision.From(0)).Should().NotBeNull();
            waiting.Add(observer.NextAsync(CancellationToken.None).AsTask());
        }

        using var driver = await app.DriveAsync(id);
        await app.Script.For(new(id)).SayAsync("One. ");

        await Task.WhenAll(waiting).WaitAsync(Eventually.Limit);
        app.Script.For(new(id)).End();
        await driver.Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task What_an_observer_does_when_its_stream_has_ended_does_not_keep_the_broadcast()
    {
        await using var app = await TextStreamsApp.StartAsync(new());
        var id = await app.CreateAsync();
        using var isLetGo = new ManualResetEventSlim();
        var isLeaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broadcast = new StreamBroadcast(new StreamId(id), Revision.From(0), app.Engine.Log, TimeProvider.System);
        var observer = new BroadcastObserver(1024);
        broadcast.TryJoin(observer, Revision.From(0)).Should().NotBeNull();
        var leaving = LeaveSlowlyAsync();
        using var driver = await app.DriveAsync(id);
        app.Script.For(new(id)).End();
        await isLeaving.Task.WaitAsync(Eventually.Limit);

        await broadcast.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);

        isLetGo.Set();
        await leaving;

        async Task LeaveSlowlyAsync()
        {
            while (observer.Place!.Kind is not BroadcastFrameKind.Last)
            {
                await observer.NextAsync(CancellationToken.None);
                observer.Place = observer.Place.Next;
            }

            isLeaving.SetResult();
            isLetGo.Wait(2 * Eventually.Limit).Should().BeTrue();
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference<BroadcastFrame> Joined(StreamBroadcast broadcast, BroadcastObserver observer) => new(broadcast.TryJoin(observer, Revision.From(0))!);

    private sealed class KeptLog : ILogger
    {
        public ConcurrentQueue<(LogLevel Level, Exception? Exception)> Entries { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((logLevel, exception));
    }
}
