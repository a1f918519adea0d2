using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class PeriodicCheckTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly ManualTime time = new();
    private readonly List<string> said = [];
    private int checks;

    [Fact]
    public async Task Whatever_a_check_dies_of_the_next_one_comes_and_each_fault_is_told_once()
    {
        Exception?[] outcomes =
        [
            new InvalidOperationException("odd"), new InvalidOperationException("odd"), new LogUnavailableException("away"), new OperationCanceledException("late"),
            null, new InvalidOperationException("odd"), null,
        ];
        await using var check = new PeriodicCheck(
            Every, _ => outcomes[Interlocked.Increment(ref checks) - 1] is { } fault ? Task.FromException(fault) : Task.CompletedTask, time, e => said.Add(e.Message));

        for (var i = 1; i <= outcomes.Length; i++) await NextAsync(i);

        said.Should().Equal("odd", "late", "odd");
    }

    [Fact]
    public async Task It_ends_when_it_is_disposed_of_also_while_a_check_is_under_way()
    {
        var check = new PeriodicCheck(
            Every,
            ct =>
            {
                Interlocked.Increment(ref checks);
                return Task.Delay(Timeout.Infinite, ct);
            },
            time,
            e => said.Add(e.Message));
        await NextAsync(1);

        await check.DisposeAsync();

        said.Should().BeEmpty();
    }

    private Task NextAsync(int count) => Eventually.UntilAsync("the check has run", () =>
    {
        if (Volatile.Read(ref checks) < count) time.Advance(Every);
        return Volatile.Read(ref checks) >= count;
    });
}
