using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class AppendSettlerTests
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(5);

    private readonly ManualTime time = new();
    private readonly ScriptedEventLog log = new();
    private readonly Append append = new(
        new AppendId(new Guid("01234567-89ab-cdef-0123-456789abcdef")), SomeStream, new StreamHead(Revision.From(1), ChainHash.Origin),
        [Chunk(0, 0, "a"), Completed(1, 1)], new EventContext(Node, 1, EventContext.Anonymous));

    [Fact]
    public async Task What_is_appended_is_settled()
    {
        var settled = await SettleAsync();

        settled.Should().Be(new Settled.Appended(log.Stored[^1].Head));
        log.Reads.Should().BeEmpty();
    }

    [Fact]
    public async Task While_it_is_unknown_the_very_same_append_goes_out_again()
    {
        log.Answers(Unknown).Throws(new LogUnavailableException("away")).Answers(Unknown);

        var settled = await SettleAsync();

        settled.Should().BeOfType<Settled.Appended>();
        log.Appends.Should().HaveCount(4).And.OnlyContain(sent => ReferenceEquals(sent, append));
    }

    [Fact]
    public async Task A_conflict_with_its_own_events_is_an_append_that_had_been_written()
    {
        log.StoresAndAnswers(Unknown).Answers(new AppendResult.Conflict());

        var settled = await SettleAsync();

        settled.Should().Be(new Settled.Appended(log.Stored[^1].Head));
        log.Stored.Should().HaveCount(2);
        log.Reads.Should().Equal(ReadFrom.Leader);
    }

    [Fact]
    public async Task Its_own_head_counts_also_where_others_have_gone_on_behind_it()
    {
        log.StoresAndAnswers(new AppendResult.Unknown("cut off")).Answers(new AppendResult.Conflict());
        var settling = new AppendSettler(log, time, AttemptLimit).SettleAsync(append, CancellationToken.None);
        log.Put(Recorded("s", 4, Deleted(StreamStatus.Done, 1, 1)));

        (await CompleteAsync(settling)).Should().Be(new Settled.Appended(log.Stored[1].Head));
    }

    [Fact]
    public async Task A_conflict_with_nothing_there_is_still_unknown()
    {
        log.Answers(new AppendResult.Conflict());

        var settled = await SettleAsync();

        settled.Should().BeOfType<Settled.Appended>();
        log.Appends.Should().HaveCount(2).And.OnlyContain(sent => ReferenceEquals(sent, append));
    }

    [Fact]
    public async Task A_conflict_with_another_writers_event_is_lost()
    {
        var other = Recorded("s", 2, Cancelled(), epoch: 1);
        log.Put(other);
        log.Put(Recorded("s", 3, Deleted(StreamStatus.Cancelled)));
        log.Answers(new AppendResult.Conflict());

        (await SettleAsync()).Should().Be(new Settled.Overtaken(other));
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_whoever_says_so()
    {
        log.Answers(new AppendResult.Deleted());
        (await SettleAsync()).Should().BeOfType<Settled.Gone>();

        log.Throws(new StreamGoneException(SomeStream));
        (await SettleAsync()).Should().BeOfType<Settled.Gone>();

        log.Answers(new AppendResult.Conflict()).ReadFault = new StreamGoneException(SomeStream);
        (await SettleAsync()).Should().BeOfType<Settled.Gone>();
    }

    [Fact]
    public async Task A_conflict_that_cannot_be_looked_up_is_still_unknown()
    {
        log.ReadFault = new LogUnavailableException("away");
        log.Answers(new AppendResult.Conflict());

        (await SettleAsync()).Should().BeOfType<Settled.Appended>();
    }

    [Fact]
    public async Task Half_of_an_atomic_append_is_damage()
    {
        log.Put(Recorded("s", 2, Chunk(0, 0, "a"), epoch: 1) with { Id = append.Id.EventAt(0) });
        log.Answers(new AppendResult.Conflict());

        await this.Invoking(t => t.SettleAsync()).Should().ThrowAsync<LogDamagedException>();
    }

    [Fact]
    public async Task An_attempt_without_an_answer_is_given_up_after_its_limit()
    {
        log.AnswersNever();
        var settling = new AppendSettler(log, time, AttemptLimit).SettleAsync(append, CancellationToken.None);

        time.Advance(AttemptLimit - TimeSpan.FromTicks(1));
        log.Appends.Should().HaveCount(1);
        time.Advance(TimeSpan.FromTicks(1));

        (await CompleteAsync(settling)).Should().BeOfType<Settled.Appended>();
        log.Appends.Should().HaveCount(2).And.OnlyContain(sent => ReferenceEquals(sent, append));
    }

    [Fact]
    public async Task Between_attempts_it_waits_longer_and_longer_up_to_a_second()
    {
        var sentAt = new List<TimeSpan>();
        for (var i = 0; i < 8; i++)
        {
            log.Does((_, _) =>
            {
                sentAt.Add(time.GetUtcNow() - Noon);
                return Task.FromResult<AppendResult>(Unknown);
            });
        }

        await SettleAsync();

        sentAt.Zip(sentAt.Skip(1), (a, b) => (b - a).TotalMilliseconds).Should().Equal(50, 100, 200, 400, 800, 1000, 1000);
    }

    [Fact]
    public async Task Cancelling_stops_an_attempt_and_a_pause()
    {
        using var cancelled = new CancellationTokenSource();
        log.AnswersNever();
        var settling = new AppendSettler(log, time, AttemptLimit).SettleAsync(append, cancelled.Token);
        await cancelled.CancelAsync();
        await settling.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();

        using var later = new CancellationTokenSource();
        log.Answers(Unknown);
        var pausing = new AppendSettler(log, time, AttemptLimit).SettleAsync(append, later.Token);
        await later.CancelAsync();
        await pausing.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();
        log.Appends.Should().HaveCount(2);
        time.Armed.Should().Be(0, "no timer is left behind");
    }

    private static AppendResult.Unknown Unknown => new("cut off");

    private Task<Settled> SettleAsync() =>
        CompleteAsync(new AppendSettler(log, time, AttemptLimit).SettleAsync(append, CancellationToken.None));

    /// <summary>Lets the clock run in small steps while something waits for it.</summary>
    private async Task<Settled> CompleteAsync(Task<Settled> settling)
    {
        while (!settling.IsCompleted)
        {
            await Eventually.UntilAsync("it waits for the clock or is settled", () => settling.IsCompleted || time.Armed > 0);
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await settling;
    }
}
