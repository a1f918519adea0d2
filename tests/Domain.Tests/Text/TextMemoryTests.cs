using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Domain.Tests;

public sealed class TextMemoryTests
{
    private const long Turn = TextMemory.ReadingBytes;

    private readonly ManualTime time = new();

    [Fact]
    public async Task Readings_wait_for_their_turn_in_the_order_of_asking()
    {
        var memory = new TextMemory(4 * Turn);
        var first = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        using var second = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        var third = memory.EnterAsync(TimeSpan.FromSeconds(5), time, default).AsTask();
        var fourth = memory.EnterAsync(TimeSpan.FromSeconds(5), time, default).AsTask();
        third.IsCompleted.Should().BeFalse("readings take at most half of the budget");

        first!.Dispose();
        using var turn = await third;

        turn.Should().NotBeNull();
        fourth.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(5));
        (await fourth).Should().BeNull();
        memory.Held.Should().Be(2 * Turn);
        memory.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task A_reading_holds_more_only_while_half_of_what_readings_may_have_is_free_and_none_waits()
    {
        var memory = new TextMemory(8 * Turn);
        var first = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        first!.TryHold(Turn).Should().BeTrue();
        first.TryHold(1).Should().BeFalse("more than half of what readings may have would be held");
        memory.Held.Should().Be(2 * Turn);
        using var second = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        using var third = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        var fourth = memory.EnterAsync(TimeSpan.FromSeconds(5), time, default).AsTask();
        second!.TryHold(-Turn).Should().BeFalse("another waits for its turn");

        first.Dispose();

        (await fourth)!.Dispose();
        memory.Held.Should().Be(2 * Turn);
        first.TryHold(1).Should().BeFalse("its turn is over");
    }

    [Fact]
    public async Task A_reading_that_was_given_up_takes_no_turn()
    {
        var memory = new TextMemory(2 * Turn);
        var first = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        using var leaves = new CancellationTokenSource();
        var second = memory.EnterAsync(TimeSpan.FromSeconds(5), time, leaves.Token).AsTask();
        var third = memory.EnterAsync(TimeSpan.FromSeconds(5), time, default).AsTask();

        await leaves.CancelAsync();
        await second.Awaiting(s => s).Should().ThrowAsync<OperationCanceledException>();
        first!.Dispose();

        (await third)!.Dispose();
        memory.Held.Should().Be(0);
    }

    [Fact]
    public async Task What_runs_is_never_refused_and_keeps_readings_waiting()
    {
        var memory = new TextMemory(8 * Turn);
        using var first = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);
        memory.Hold(9 * Turn);
        memory.IsFull.Should().BeTrue();
        var second = memory.EnterAsync(TimeSpan.FromSeconds(5), time, default).AsTask();
        second.IsCompleted.Should().BeFalse();

        memory.Release(9 * Turn);

        (await second)!.Dispose();
        memory.IsFull.Should().BeFalse();
    }

    [Fact]
    public async Task One_reading_goes_on_however_little_memory_there_is()
    {
        var memory = new TextMemory(1);

        using var turn = await memory.EnterAsync(TimeSpan.FromSeconds(5), time, default);

        turn.Should().NotBeNull();
    }

    [Theory]
    [InlineData(100L << 20, 50L << 20)]
    [InlineData(4L << 30, 256L << 20)]
    public void Unsaved_text_has_half_of_it_and_256_MiB_at_most(long limit, long unsaved) =>
        new TextMemory(limit).UnsavedLimit.Should().Be(unsaved);

    [Fact]
    public void What_follows_from_one_another_is_told_up_to_the_first_that_is_not_kept_and_counts_as_asked_for()
    {
        var memory = new TextMemory(1000);
        var cache = new TextCache<int, int>(memory, time);
        foreach (var i in new[] { 1, 2, 3, 5 }) cache.Set(i, i, 100);

        cache.Chain(1, last => last + 1, _ => false).Should().Equal(1, 2, 3);
        cache.Chain(1, last => last + 1, last => last == 2).Should().Equal(1, 2);
        cache.Chain(4, last => last + 1, _ => false).Should().BeEmpty();
        cache.GiveWay(100);
        cache.TryGet(5, out _).Should().BeFalse("the others were asked for since");
        cache.TryGet(1, out _).Should().BeTrue();
    }

    [Fact]
    public void Caches_give_way_first_what_was_not_asked_for_longest()
    {
        var memory = new TextMemory(1000);
        var (one, other) = (new TextCache<int, string>(memory, time), new TextCache<int, string>(memory, time));
        for (var i = 0; i < 5; i++) one.Set(i, $"text {i}", 100);
        other.Set(0, "text", 300);
        one.TryGet(0, out _).Should().BeTrue();

        memory.Hold(400);

        one.TryGet(1, out _).Should().BeFalse();
        one.TryGet(2, out _).Should().BeFalse();
        one.TryGet(0, out _).Should().BeTrue("it was asked for last");
        (memory.Held + memory.Cached).Should().Be(1000);

        memory.Hold(10_000);
        memory.Cached.Should().Be(0);
        one.Set(7, "text", 1);
        one.TryGet(7, out _).Should().BeFalse("there is no room for it");
        memory.Release(10_400);
        one.Set(7, "text", 1);
        one.TryGet(7, out _).Should().BeTrue();
    }

    [Fact]
    public void What_is_not_asked_for_any_more_goes_by_itself()
    {
        var memory = new TextMemory(1000);
        var cache = new TextCache<int, string>(memory, time);
        cache.Set(1, "text", 10);
        cache.Set(2, "text", 10);
        time.Advance(TimeSpan.FromSeconds(59));
        cache.TryGet(2, out _).Should().BeTrue();

        time.Advance(TimeSpan.FromSeconds(30));

        cache.TryGet(1, out _).Should().BeFalse();
        cache.TryGet(2, out _).Should().BeTrue();
        time.Advance(TimeSpan.FromMinutes(2));
        memory.Cached.Should().Be(0);
        time.Armed.Should().Be(0, "an empty cache has nothing to look after");
    }
}
