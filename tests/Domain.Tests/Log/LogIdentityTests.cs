using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

/// <summary>A store may tell of a conflict with an event before that event can be read, as EventStoreDB does.</summary>
public sealed class LogIdentityTests
{
    private static readonly AppendOutcome.Lost LostToAnother = new(0);

    private readonly ManualTime time = new();
    private readonly ScriptedEventStore store;

    public LogIdentityTests() => store = new(time, StreamPrefix.Default.Log);

    [Fact]
    public async Task Another_processs_name_is_waited_for_until_it_can_be_read()
    {
        var winner = await OpenAsync();
        var unread = 3;
        store.ReadsInstead = () =>
        {
            if (--unread == 0) store.ReadsInstead = null;
            return new StoreRead.Missing();
        };

        (await CompleteAsync(OpenAsync())).LogId.Should().Be(winner.LogId);
        unread.Should().Be(0);
    }

    [Fact]
    public async Task A_name_that_another_process_did_not_come_to_give_is_given()
    {
        store.Answers(LostToAnother);

        var named = await CompleteAsync(OpenAsync());

        (await OpenAsync()).LogId.Should().Be(named.LogId);
        store.Appends.Should().HaveCount(2);
        store.Appends[1].Events[0].Should().BeSameAs(store.Appends[0].Events[0]);
    }

    [Fact]
    public async Task A_name_that_never_can_be_read_ends_the_opening_after_five_seconds()
    {
        await OpenAsync();
        store.ReadsInstead = () => new StoreRead.Missing();
        var began = time.GetTimestamp();

        await this.Invoking(t => t.CompleteAsync(t.OpenAsync())).Should().ThrowAsync<LogUnavailableException>();

        time.GetElapsedTime(began).Should().BeCloseTo(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50));
    }

    private Task<StreamLog> OpenAsync() => StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, time, Node, default);

    /// <summary>Lets the clock run in small steps while something waits for it.</summary>
    private async Task<StreamLog> CompleteAsync(Task<StreamLog> opening)
    {
        while (!opening.IsCompleted)
        {
            await Eventually.UntilAsync("it waits for the clock or is open", () => opening.IsCompleted || time.Armed > 0);
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await opening;
    }
}
