using System.Diagnostics;
using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure.Tests.Engine;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Telemetry;

/// <summary>A listener to the meter or the spans that throws costs what it was to hear: no stream, no ending, no
/// memory.</summary>
[Collection(nameof(Alone))]
public sealed class ThrowingListenerTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedSource source = new();
    private EngineNode node = null!;

    public static TheoryData<string> Kinds { get; } = [.. ThrowingListeners.Kinds.Except(["source"])];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_listener_that_throws_each_time_changes_nothing_of_what_is_told_and_stored(string kind)
    {
        var without = await new ThrowingListenerTests().ToldAndStoredAsync();
        using var listeners = new ThrowingListeners((called, _) => called == kind);

        (await ToldAndStoredAsync()).Should().Equal(without);

        listeners.Thrown.Should().BePositive();
    }

    [Fact]
    public async Task Nor_does_one_that_throws_once_at_whichever_call_that_is()
    {
        var without = await new ThrowingListenerTests().ToldAndStoredAsync();
        var nth = 0;
        while (true)
        {
            nth++;
            using var listeners = new ThrowingListeners((_, number) => number == nth);
            (await new ThrowingListenerTests().ToldAndStoredAsync()).Should().Equal(without, "only call {0} threw", nth);
            if (listeners.Thrown == 0) break;
        }

        nth.Should().BeGreaterThan(100, "each kind of call has had its turn");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_span_around_one_whose_listener_throws_is_the_current_one_again(string kind)
    {
        using var heard = new RecordedSpans();
        var isOn = false;
        using var listeners = new ThrowingListeners((called, _) => isOn && called == kind);
        var around = StreamTracing.Start("around");
        isOn = true;
        var within = StreamTracing.Start("within");
        StreamTracing.End(within);
        isOn = false;

        Activity.Current.Should().BeSameAs(around).And.NotBeNull();
        StreamTracing.End(around);
        Activity.Current.Should().BeNull();
    }

    [Fact]
    public void A_listener_that_throws_when_it_is_asked_whether_it_listens_leaves_a_process_without_spans()
    {
        using var listeners = new ThrowingListeners((called, _) => called == "source");

        StreamTracing.Made().Should().BeNull();

        listeners.Thrown.Should().Be(1);
    }

    /// <summary>A node's whole life with streams that end in all ways.</summary>
    private async Task<List<string>> ToldAndStoredAsync()
    {
        using var metrics = new RecordedMetrics();
        node = await EngineNode.StartAsync(
            new InMemoryEventStore(new InMemoryStore(time)), time, [source], metrics: metrics,
            options: new StreamEngineOptions { Driving = new DrivingLimits { OutageLimit = TimeSpan.FromHours(1) } }).WaitAsync(Eventually.Limit);
        List<string> all =
        [
            await DriveAsync("complete", async (run, _) =>
            {
                await run.SayAsync("Hello", " world.");
                await run.PartAsync(new PartStart(PartKinds.Reasoning), "Hm.");
                run.End(new SourceResult("stop", """{"prompt_tokens":7,"completion_tokens":4}"""));
            }),
            await DriveAsync("empty", (run, _) =>
            {
                run.End();
                return Task.CompletedTask;
            }),
            await DriveAsync("failed", async (run, _) =>
            {
                await run.SayAsync("Half of it");
                run.Throw(new SourceFailedException("model-gone", "It went away."));
            }),
            await DriveAsync("thrown", async (run, _) =>
            {
                await run.SayAsync("Half of it");
                run.Throw(new InvalidOperationException());
            }),
            await DriveAsync("cancelled", async (run, _) =>
            {
                await run.SayAsync("Half of it");
                await node.Engine.Endings.CancelAsync(new StreamId("cancelled"), "No more.", Caller.Anonymous, default).WaitAsync(Eventually.Limit);
            }),
            await DriveAsync("silent", async (run, driving) =>
            {
                // Half of a pair, which the ending alone makes text of.
                await run.SayAsync("\ud83d");
                await AdvanceUntilAsync("it has timed out", () => driving.Finished.IsCompleted);
            }),
            await DriveAsync("left", async (run, driving) =>
            {
                driving.Output.Drop();
                await driving.Output.Dropped.WaitAsync(Eventually.Limit);
                await run.SayAsync("Said to itself");
                run.End();
            }),
            await UndrivenAsync(),
            await DeletedAsync(),
        ];
        node.Engine.Drivers.UnsavedBytes.Should().Be(0);
        node.Engine.Memory.Held.Should().Be(0);
        node.Engine.Drivers.Count.Should().Be(0);
        await node.Engine.StopAsync(default).WaitAsync(Eventually.Limit);
        await node.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);
        return all;
    }

    private async Task<string> DriveAsync(string name, Func<ScriptedSource.Script, DriveResult.Driving, Task> say)
    {
        var id = await node.CreateAsync(name, idleTimeout: TimeSpan.FromSeconds(10));
        var driving = (DriveResult.Driving)await node.Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default).WaitAsync(Eventually.Limit);
        var reading = ReadAsync(driving.Output);
        await source.For(id).Begun.WaitAsync(Eventually.Limit);
        await say(source.For(id), driving);
        var told = await reading.WaitAsync(Eventually.Limit);
        await driving.Finished.WaitAsync(Eventually.Limit);
        driving.Output.Done();
        return $"{name}: told {told}; kept {await KeptAsync(id)}";
    }

    private async Task<string> UndrivenAsync()
    {
        var id = await node.CreateAsync("undriven");
        var result = await node.Engine.Endings.CancelAsync(id, null, Caller.Anonymous, default).WaitAsync(Eventually.Limit);
        return $"undriven: told {result}; kept {await KeptAsync(id)}";
    }

    private async Task<string> DeletedAsync()
    {
        var result = await node.Engine.Endings.DeleteAsync(new StreamId("complete"), null, Caller.Anonymous, default).WaitAsync(Eventually.Limit);
        var again = await node.Engine.Endings.DeleteAsync(new StreamId("complete"), null, Caller.Anonymous, default).WaitAsync(Eventually.Limit);
        return $"deleted: told {result}, {again}";
    }

    private async Task<string> KeptAsync(StreamId id)
    {
        var (content, body) = (await node.ContentAsync(id), await node.BodyAsync(id));
        return $"'{body.Text}' and {content.Parts} parts, {body.Summary.Status} {body.Summary.Error}";
    }

    private static async Task<string> ReadAsync(ClientQueue output)
    {
        var text = new StringBuilder();
        List<DriverItem>? items = null;
        while (true)
        {
            items = await output.ReadAsync(items, default);
            foreach (var item in items) text.Append(item.Text);
            if (items.Count == 0) return $"'{text}' and dropped";
            if (items[^1].End is { } end) return $"'{text}', {end.Status} {end.Length} {end.Error}";
        }
    }

    private Task AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.UntilAsync(what, () =>
    {
        if (condition()) return true;
        if (node.Faults.Asked == 0) time.Advance(TimeSpan.FromSeconds(2));
        return false;
    });
}
