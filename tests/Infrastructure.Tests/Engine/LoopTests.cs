using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>The engine's loops end with the engine, not before.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task Each_loop_outlives_a_cancellation_that_the_engine_did_not_ask_for()
    {
        var time = new ManualTime();
        var source = new ScriptedSource();
        var store = new InMemoryStore(time);
        await using var dying = await EngineNode.StartAsync(new InMemoryEventStore(store), time, [source], "dying");
        var left = await dying.CreateAsync("left");
        await dying.DriveAsync(left);
        var cancelling = new CancellingStore(new InMemoryEventStore(store));
        await using var node = await EngineNode.StartAsync(cancelling, time, [source], "living");
        var due = await node.CreateAsync("due", retain: TimeSpan.Zero);
        dying.Faults.GoAway();
        cancelling.CancelOnce();

        await Eventually.UntilAsync("the heartbeats, the feed and the observation were each cancelled", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return cancelling.Left == 0;
        });

        await node.Engine.Endings.CancelAsync(due, null, Caller.Anonymous, default);
        await Eventually.UntilAsync("a dead node's stream is ended and one past its retention removed all the same", async () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return await IsListedAsync(node, left, StreamStatus.Error) && !await IsListedAsync(node, due, StreamStatus.Cancelled);
        });
        node.Engine.Problem.Should().BeNull("the heart goes on beating");
    }

    private static async Task<bool> IsListedAsync(EngineNode node, StreamId id, StreamStatus status) =>
        (await node.Engine.Catalog.ListAsync(new CatalogQuery(status, null, 200), default)).Items.Any(stream => stream.Id == id);

    /// <summary>Cancels one call of each kind by a deadline of its own, as a client library does.</summary>
    private sealed class CancellingStore(IEventStore behind) : DelegatingEventStore(behind)
    {
        private readonly TaskCompletionSource followersCut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int heartbeats, reads, feeds;

        public int Left => heartbeats + reads + feeds;

        public void CancelOnce()
        {
            heartbeats = reads = feeds = 1;
            followersCut.TrySetResult();
        }

        public override Task<AppendOutcome> AppendAsync(string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct) =>
            stream.Contains(".node-", StringComparison.Ordinal) && Interlocked.Exchange(ref heartbeats, 0) == 1
                ? throw new TaskCanceledException("a deadline of the client's own")
                : Behind.AppendAsync(stream, expected, events, ct);

        public override Task<StoreRead> ReadAsync(string stream, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
            stream.Contains(".node-", StringComparison.Ordinal) && Interlocked.Exchange(ref reads, 0) == 1
                ? throw new TaskCanceledException("a deadline of the client's own")
                : Behind.ReadAsync(stream, from, forward, maxCount, leader, ct);

        public override async IAsyncEnumerable<StoredEvent?> FollowAllAsync(
            LogPosition after, StoreFilter filter, [EnumeratorCancellation] CancellationToken ct)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await using var all = Behind.FollowAllAsync(after, filter, over.Token).GetAsyncEnumerator(over.Token);
            while (true)
            {
                var next = all.MoveNextAsync().AsTask();
                if (await Task.WhenAny(next, followersCut.Task) == followersCut.Task && Interlocked.Exchange(ref feeds, 0) == 1)
                {
                    await over.CancelAsync();
                    await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw new TaskCanceledException("a deadline of the client's own");
                }

                if (!await next) yield break;
                yield return all.Current;
            }
        }
    }
}
