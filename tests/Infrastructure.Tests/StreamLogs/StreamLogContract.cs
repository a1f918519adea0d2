using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>
/// What <see cref="StreamLog"/> promises, on whichever store. Appending stands here; reading,
/// following, the feed and the nodes in the other parts of this class.
/// </summary>
public abstract partial class StreamLogContract : IAsyncLifetime
{
    private readonly List<IEventStore> opened = [];

    /// <summary>The clock for the log to use.</summary>
    protected ManualTime Time { get; } = new();

    /// <summary>False where only one instance at a time may have the store open.</summary>
    protected virtual bool CanOpenTwice => true;

    /// <summary>False where a stream's metadata are kept and hide nothing.</summary>
    protected virtual bool HidesEvents => true;

    private StreamPrefix Prefix { get; } = StreamPrefix.Parse($"t{Guid.NewGuid():N}-");

    private IEventStore Store { get; set; } = null!;

    private StreamLog Log { get; set; } = null!;

    private Texts Text { get; set; } = null!;

    /// <summary>This test's store; called again, a second instance on the same one.</summary>
    private protected abstract Task<IEventStore> OpenStoreAsync();

    public virtual async Task InitializeAsync()
    {
        Store = await OpenAnotherStoreAsync();
        Log = await OpenAsync(Store);
        Text = NewText("a");
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
    }

    [Fact]
    public async Task What_was_appended_is_read_with_who_and_which()
    {
        var append = Text.Append(Text.Created, Text.Started, Text.Chunk("Hello 😀."));
        var appended = (await Log.TryAppendAsync(append, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>().Which;
        var read = await ReadAsync(Text.Id);

        read.Select(e => e.Event).Should().Equal(append.Events);
        read.Select(e => e.Revision.Value).Should().Equal(0, 1, 2);
        read.Select(e => e.Id).Should().Equal(Enumerable.Range(0, 3).Select(append.Id.EventAt));
        read.Should().OnlyContain(e => e.Stream == Text.Id && e.Context == append.Contexts[0]);
        read.Select(e => e.Position).Should().BeInAscendingOrder();
        read[^1].Head.Should().Be(appended.Head);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_head_that_is_not_the_streams_conflicts_and_writes_nothing(long expected)
    {
        await Text.AppendedAsync(Log, Text.Created, Text.Started);
        Text.Head = new StreamHead(Revision.From(expected), ChainHash.Origin);

        (await Log.TryAppendAsync(Text.Append(Text.Chunk("late")), CancellationToken.None)).Should().BeOfType<AppendOutcome.Lost>();
        (await ReadAsync(Text.Id)).Should().HaveCount(2);
    }

    [Fact]
    public async Task The_same_append_again_is_appended_once()
    {
        await Text.AppendedAsync(Log, Text.Created);
        var append = Text.Append(Text.Started, Text.Chunk("a"));
        var first = await Log.TryAppendAsync(append, CancellationToken.None);

        (await Log.TryAppendAsync(append, CancellationToken.None)).Should().Be(first);
        Text.Head = ((AppendOutcome.Appended)first).Head;
        await Text.AppendedAsync(Log, Text.Completed);
        (await Log.TryAppendAsync(append, CancellationToken.None)).Should().Be(first, "also when others have written since");
        (await ReadAsync(Text.Id)).Should().HaveCount(4);
    }

    [Fact]
    public async Task The_same_events_under_another_id_are_another_append()
    {
        await Text.AppendedAsync(Log, Text.Created);
        var (one, other) = (Text.Append(Text.Started), Text.Append(Text.Started));
        await Log.TryAppendAsync(one, CancellationToken.None);

        (await Log.TryAppendAsync(other, CancellationToken.None)).Should().BeOfType<AppendOutcome.Lost>();
    }

    [Fact]
    public async Task Of_racing_claims_on_two_instances_exactly_one_wins()
    {
        var second = await SecondAsync();
        for (var round = 0; round < 10; round++)
        {
            var text = NewText($"race-{round}");
            await text.AppendedAsync(Log, text.Created);
            var claims = Enumerable.Range(0, 12).Select(_ => text.Append(text.Started)).ToArray();
            var results = await Task.WhenAll(claims.Select((claim, i) =>
                Task.Run(() => (i % 2 == 0 ? Log : second).TryAppendAsync(claim, CancellationToken.None))));

            var winner = Array.FindIndex(results, r => r is AppendOutcome.Appended);
            results.OfType<AppendOutcome.Lost>().Should().HaveCount(11);
            (await ReadAsync(text.Id)).Select(e => e.Id).Skip(1).Should().Equal(claims[winner].Id.EventAt(0));
        }
    }

    [Fact]
    public async Task Nothing_is_appended_to_a_deleted_stream()
    {
        await Text.AppendedAsync(Log, Text.Created);
        await DeleteAsync(Text);

        (await Log.TryAppendAsync(Text.Append(Text.Started), CancellationToken.None)).Should().BeOfType<AppendOutcome.Deleted>();
        (await Log.TryAppendAsync(NewText("a").Append(Text.Created), CancellationToken.None)).Should().BeOfType<AppendOutcome.Deleted>();
    }

    [Fact]
    public async Task An_append_over_the_limit_writes_nothing()
    {
        var half = new string('x', TextLimits.AppendBytes / 2);
        await Log.Awaiting(l => l.TryAppendAsync(Text.Append(Text.Created, Text.Chunk(half), Text.Chunk(half)), CancellationToken.None))
            .Should().ThrowAsync<ArgumentException>();

        (await ReadAsync(Text.Id)).Should().BeEmpty();
    }

    [Fact]
    public async Task An_append_whose_caller_has_left_can_be_tried_again()
    {
        var append = Text.Append(Text.Created);
        await Log.Awaiting(l => l.TryAppendAsync(append, new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();

        (await Log.TryAppendAsync(append, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>();
        (await ReadAsync(Text.Id)).Should().HaveCount(1);
    }

    private async Task<IEventStore> OpenAnotherStoreAsync()
    {
        var store = await OpenStoreAsync();
        opened.Add(store);
        return store;
    }

    private Task<StreamLog> OpenAsync(IEventStore store) =>
        StreamLog.OpenAsync(store, Prefix, Guid.NewGuid, Time, Texts.Node, CancellationToken.None);

    /// <summary>A second instance where the store allows one, else another log over the first.</summary>
    private async Task<StreamLog> SecondAsync() => await OpenAsync(CanOpenTwice ? await OpenAnotherStoreAsync() : Store);

    private Texts NewText(string id) => new(new StreamId(id), Time.GetUtcNow());

    private Task DeleteAsync(Texts text) =>
        Log.TombstoneAsync(text.Id, new Deletion("carol", Time.GetUtcNow(), text.Head), CancellationToken.None);

    private async Task<List<RecordedEvent>> ReadAsync(StreamId stream, long after = -1) =>
        await Log.ReadAsync(stream, Revision.From(after), ReadFrom.Leader, CancellationToken.None).ToListAsync();
}
