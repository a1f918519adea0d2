using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

/// <summary>An append to a log is brought to a certain end, whatever its store answers.</summary>
public sealed class StreamLogAppendTests : IAsyncLifetime
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    private readonly ManualTime time = new();
    private readonly ScriptedEventStore store;
    private StreamLog log = null!;
    private Append append = null!;

    public StreamLogAppendTests() => store = new(time);

    public async Task InitializeAsync()
    {
        log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, time, Node, default);
        await store.PutAsync(SomeStream, Created());
        var started = await store.PutAsync(SomeStream, Started());
        append = new(
            new AppendId(new Guid("01234567-89ab-cdef-0123-456789abcdef")), SomeStream, started.Head,
            [Chunk(0, 0, "a"), Completed(1, 1)], new EventContext(Node, 1, EventContext.Anonymous));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_is_appended_is_settled()
    {
        var settled = await SettleAsync();

        settled.Should().BeOfType<AppendOutcome.Appended>().Which.Head.Should().Be((await StoredAsync())[^1].Head);
        store.Reads.Should().BeEmpty();
    }

    [Fact]
    public async Task While_it_is_unknown_the_very_same_append_goes_out_again()
    {
        store.Answers(Unknown).Throws(new LogUnavailableException("away")).Answers(Unknown);

        var settled = await SettleAsync();

        settled.Should().BeOfType<AppendOutcome.Appended>();
        store.Appends.Should().HaveCount(4).And.OnlyContain(sent => IsTheVerySame(sent));
    }

    [Fact]
    public async Task A_conflict_with_its_own_events_is_an_append_that_had_been_written()
    {
        store.StoresAndAnswers(Unknown).Answers(new AppendOutcome.Lost(3));

        var settled = await SettleAsync();

        settled.Should().BeOfType<AppendOutcome.Appended>().Which.Head.Should().Be((await StoredAsync())[^1].Head);
        (await StoredAsync()).Should().HaveCount(4);
        store.Reads.Should().Equal(ReadFrom.Leader);
    }

    [Fact]
    public async Task Its_own_head_counts_also_where_others_have_gone_on_behind_it()
    {
        store.StoresAndAnswers(Unknown).Answers(new AppendOutcome.Lost(4));
        var settling = log.AppendAsync(append, CancellationToken.None);
        await store.PutAsync(SomeStream, Deleted(StreamStatus.Done, 1, 1));

        (await CompleteAsync(settling)).Should().BeOfType<AppendOutcome.Appended>()
            .Which.Head.Should().Be((await StoredAsync())[3].Head);
    }

    [Fact]
    public async Task A_conflict_with_nothing_there_is_still_unknown()
    {
        store.Answers(new AppendOutcome.Lost(1));

        var settled = await SettleAsync();

        settled.Should().BeOfType<AppendOutcome.Appended>();
        store.Appends.Should().HaveCount(2).And.OnlyContain(sent => IsTheVerySame(sent));
    }

    [Fact]
    public async Task A_conflict_with_another_writers_event_is_lost()
    {
        var other = await store.PutAsync(SomeStream, Cancelled());
        var deleted = await store.PutAsync(SomeStream, Deleted(StreamStatus.Cancelled));
        store.Answers(new AppendOutcome.Lost(3));

        (await SettleAsync()).Should().BeOfType<AppendOutcome.Lost>().Which.Missed.Should().Be(new Missed([other, deleted], deleted, other));
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_whoever_says_so()
    {
        store.Answers(new AppendOutcome.Deleted());
        (await SettleAsync()).Should().BeOfType<AppendOutcome.Deleted>();

        store.Throws(new StreamGoneException(SomeStream));
        (await SettleAsync()).Should().BeOfType<AppendOutcome.Deleted>();

        store.Answers(new AppendOutcome.Lost(3)).ReadsInstead = () => new StoreRead.Tombstoned();
        (await SettleAsync()).Should().BeOfType<AppendOutcome.Deleted>();
    }

    [Fact]
    public async Task A_conflict_that_cannot_be_looked_up_is_still_unknown()
    {
        store.ReadsInstead = () => throw new LogUnavailableException("away");
        store.Answers(new AppendOutcome.Lost(3));

        (await SettleAsync()).Should().BeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task Half_of_an_atomic_append_is_damage()
    {
        await store.PutAsync(SomeStream, Chunk(0, 0, "a"), id: append.Id);
        store.Answers(new AppendOutcome.Lost(2));

        await this.Invoking(t => t.SettleAsync()).Should().ThrowAsync<LogDamagedException>();
    }

    [Fact]
    public async Task An_attempt_without_an_answer_is_given_up_after_its_limit()
    {
        store.AnswersNever();
        var settling = log.AppendAsync(append, CancellationToken.None);

        time.Advance(AttemptLimit - TimeSpan.FromTicks(1));
        store.Appends.Should().HaveCount(1);
        time.Advance(TimeSpan.FromTicks(1));

        (await CompleteAsync(settling)).Should().BeOfType<AppendOutcome.Appended>();
        store.Appends.Should().HaveCount(2).And.OnlyContain(sent => IsTheVerySame(sent));
    }

    [Fact]
    public async Task Between_attempts_it_waits_longer_and_longer_up_to_a_second()
    {
        var sentAt = new List<TimeSpan>();
        for (var i = 0; i < 8; i++)
        {
            store.Does((_, _) =>
            {
                sentAt.Add(time.GetUtcNow() - Noon);
                return Task.FromResult<AppendOutcome>(Unknown);
            });
        }

        await SettleAsync();

        sentAt.Zip(sentAt.Skip(1), (a, b) => (b - a).TotalMilliseconds).Should().Equal(50, 100, 200, 400, 800, 1000, 1000);
    }

    [Fact]
    public async Task Cancelling_stops_an_attempt_and_a_pause()
    {
        using var cancelled = new CancellationTokenSource();
        store.AnswersNever();
        var settling = log.AppendAsync(append, cancelled.Token);
        await cancelled.CancelAsync();
        await settling.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();

        using var later = new CancellationTokenSource();
        store.Answers(Unknown);
        var pausing = log.AppendAsync(append, later.Token);
        await later.CancelAsync();
        await pausing.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();
        store.Appends.Should().HaveCount(2);
        time.Armed.Should().Be(0, "no timer is left behind");
    }

    private static AppendOutcome.Unknown Unknown => new("cut off", null);

    private Task<AppendOutcome> SettleAsync() => CompleteAsync(log.AppendAsync(append, CancellationToken.None));

    private Task<IReadOnlyList<RecordedEvent>> StoredAsync() => store.StoredAsync(SomeStream);

    private bool IsTheVerySame(AskedAppend sent) =>
        ReferenceEquals(sent.Events, store.Appends[0].Events) && sent.Events.Index().All(e => e.Item.Id == append.Id.EventAt(e.Index));

    /// <summary>Lets the clock run in small steps while something waits for it.</summary>
    private async Task<AppendOutcome> CompleteAsync(Task<AppendOutcome> settling)
    {
        while (!settling.IsCompleted)
        {
            await Eventually.UntilAsync("it waits for the clock or is settled", () => settling.IsCompleted || time.Armed > 0);
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await settling;
    }
}
