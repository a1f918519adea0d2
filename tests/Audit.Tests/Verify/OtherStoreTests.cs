using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Verify;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A verification of a log that is not embedded, by what every log can do.</summary>
public sealed class OtherStoreTests : IAsyncLifetime
{
    private readonly InMemoryEventStore log = new(new InMemoryStore(TimeProvider.System));
    private readonly List<Finding> findings = [];
    private Store store = null!;

    public Task InitializeAsync()
    {
        store = Store.Over(new StoreLocation.EventStoreDb("esdb://elsewhere"), StreamPrefix.Default, log);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => store.DisposeAsync().AsTask();

    [Fact]
    public async Task Clean_streams_are_clean_and_come_in_their_order()
    {
        await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "x"), Completed(1, 1));
        await log.WriteAsync("b", Created("b"));

        var verified = await AllAsync();

        findings.Should().BeEmpty();
        verified.Select(stream => (stream.Id.Value, stream.Status, stream.Head?.Revision.Value, stream.Events)).Should().Equal(
            ("a", StreamStatus.Done, 3, 4), ("b", StreamStatus.Pending, 0, 1));
    }

    [Fact]
    public async Task An_event_that_does_not_fit_is_named()
    {
        await log.WriteAsync("a", Created("a"), Started());
        await log.AppendAsync(
            "text-a", ExpectedRevision.Any, [new NewEvent(new EventId(Guid.NewGuid()), "StreamCompleted", "text/plain", default, default)], default);

        await AllAsync();

        findings.Select(f => (f.Code, f.Stream, f.Revision)).Should().Equal(
            ("metadata", "a", 2), ("hash", "a", 2), ("content-type", "a", 2), ("data", "a", 2));
    }

    [Fact]
    public async Task A_tombstone_with_and_one_without_metadata_are_no_findings_and_one_that_cannot_be_read_is()
    {
        foreach (var (id, metadata) in new[]
        {
            ("a", TombstoneMetadata.Write(new Deletion("bob", Noon, new StreamHead(Revision.From(3), ChainHash.Origin)))), ("b", []), ("c", "{}"u8.ToArray()),
        })
        {
            await log.WriteAsync(id, Created(id));
            await log.TombstoneAsync("text-" + id, ExpectedRevision.Any, new EventId(Guid.NewGuid()), metadata, default);
        }

        var verified = await AllAsync();

        findings.Select(f => (f.Code, f.Stream)).Should().Equal(("tombstone", "c"));
        verified.Should().OnlyContain(stream => stream.IsTombstoned && stream.Status == StreamStatus.Deleted);
        verified[0].Deletion!.By.Should().Be("bob");
        (await new StoreVerification(store, findings.Add, _ => null).OneAsync(new StreamId("a"), default))!.IsTombstoned.Should().BeTrue();
        (await new StoreVerification(store, findings.Add, _ => null).OneAsync(new StreamId("z"), default)).Should().BeNull();
    }

    [Fact]
    public async Task What_the_log_itself_cannot_give_is_named_and_the_rest_is_still_read()
    {
        await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "x"), Chunk(1, 1, "y"), Completed(2, 2));
        await using var damaged = Store.Over(store.Location, store.Prefix, new LosingLog(log, "text-a", lost: 2));

        var verified = await new StoreVerification(damaged, findings.Add, _ => null).AllAsync(default).ToListAsync();

        findings.Should().ContainSingle().Which.Should().Be(
            new Finding("unreadable", "a", 2, "the event that was written", "a bad sector."));
        verified.Should().ContainSingle().Which.Head!.Value.Revision.Value.Should().Be(4);
    }

    [Fact]
    public async Task Of_a_tombstone_without_metadata_the_last_word_says_who_and_when_while_the_log_still_has_it()
    {
        await log.WriteAsync("a", Created("a"), Cancelled(), Deleted(StreamStatus.Cancelled));
        await log.WriteAsync("ab", Created("ab"), Cancelled(), Deleted(StreamStatus.Cancelled));
        var feed = await log.FollowAllAsync(LogPosition.Start, new StoreFilter([], []), default).TakeWhile(stored => stored is not null).ToListAsync();
        foreach (var id in new[] { "a", "b" })
            await log.TombstoneAsync("text-" + id, ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        await using var unscavenged = Store.Over(store.Location, store.Prefix, new UnscavengedLog(log, feed!));

        var verified = await new StoreVerification(unscavenged, findings.Add, _ => null).AllAsync(default).ToListAsync();

        findings.Should().BeEmpty();
        var last = feed.Single(stored => stored is { Stream: "text-a", Revision: 2 })!;
        var said = new Deletion("anonymous", Noon, new StreamHead(Revision.From(2), StreamCodec.Decode(new StreamId("a"), last).Hash));
        verified.Where(stream => stream.IsTombstoned).Select(stream => (stream.Id.Value, stream.Deletion)).Should().Equal(("a", said), ("b", null));
        var one = await new StoreVerification(unscavenged, findings.Add, _ => null).OneAsync(new StreamId("a"), default);
        one!.Deletion.Should().Be(said);
        var carried = await unscavenged.ItemsAsync(await unscavenged.TombstonedAsync(new StreamId("a"), default), default).SingleAsync();
        TombstoneMetadata.TryRead(((CarriedItem.Tombstone)carried).Metadata).Should().Be(said);
    }

    private async Task<List<VerifiedStream>> AllAsync() =>
        await new StoreVerification(store, findings.Add, _ => null).AllAsync(default).ToListAsync();

    /// <summary>Has in its feed what was deleted, as EventStoreDB does until a scavenge.</summary>
    private sealed class UnscavengedLog(IEventStoreReader inner, IReadOnlyList<StoredEvent> before) : IEventStoreReader
    {
        public Task<StoreRead> ReadAsync(string name, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
            inner.ReadAsync(name, from, forward, maxCount, leader, ct);

        public IAsyncEnumerable<StoredEvent> FollowAsync(string name, long from, CancellationToken ct) => inner.FollowAsync(name, from, ct);

        public IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, StoreFilter filter, CancellationToken ct) =>
            before.Where(stored => filter.Matches(stored.Stream, stored.Type)).ToAsyncEnumerable<StoredEvent?>()
                .Concat(inner.FollowAllAsync(before[^1].Position, filter, ct));

        public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => inner.FindAsync(position, ct);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Refuses one event of one stream, as a log does whose disk is damaged there.</summary>
    private sealed class LosingLog(IEventStoreReader inner, string stream, long lost) : IEventStoreReader
    {
        public Task<StoreRead> ReadAsync(string name, long from, bool forward, int maxCount, ReadFrom leader, CancellationToken ct) =>
            name == stream && forward && from <= lost
                ? from == lost
                    ? throw new LogDamagedException(stream, lost, "a bad sector.")
                    : inner.ReadAsync(name, from, forward, (int)Math.Min(maxCount, lost - from), leader, ct)
                : inner.ReadAsync(name, from, forward, maxCount, leader, ct);

        public IAsyncEnumerable<StoredEvent> FollowAsync(string name, long from, CancellationToken ct) => inner.FollowAsync(name, from, ct);

        public IAsyncEnumerable<StoredEvent?> FollowAllAsync(LogPosition after, StoreFilter filter, CancellationToken ct) =>
            inner.FollowAllAsync(after, filter, ct);

        public Task<StoredEvent?> FindAsync(LogPosition position, CancellationToken ct) => inner.FindAsync(position, ct);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
