using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>What answers after a lost connection has to be the same log.</summary>
public sealed class IdentityCheckTests : IDisposable
{
    private static readonly Guid Ours = Guid.NewGuid();

    private readonly ManualTime time = new();
    private readonly IdentityCheck check;
    private Guid? there = Ours;
    private int asked;

    public IdentityCheckTests() => check = new IdentityCheck(
        "text.log",
        _ =>
        {
            asked++;
            return Task.FromResult(there);
        },
        time,
        NullLogger.Instance);

    public void Dispose() => check.Dispose();

    [Fact]
    public async Task It_asks_once_and_again_when_the_connection_was_lost()
    {
        for (var i = 0; i < 3; i++) await check.EnsureAsync(default);
        asked.Should().Be(1);

        check.Lost();
        for (var i = 0; i < 3; i++) await check.EnsureAsync(default);
        asked.Should().Be(2);
        check.Another.Should().BeNull();
    }

    [Fact]
    public async Task Another_log_is_refused_until_the_first_one_is_back()
    {
        await check.EnsureAsync(default);
        there = Guid.NewGuid();
        check.Lost();

        for (var i = 0; i < 3; i++) await Refused();
        asked.Should().Be(2, "it is not asked again at once");
        check.Another.Should().Contain(Ours.ToString()).And.Contain("Another event log").And.Contain("text.log");

        there = Ours;
        time.Advance(TimeSpan.FromSeconds(2));
        await check.EnsureAsync(default);
        check.Another.Should().BeNull();
    }

    [Fact]
    public async Task A_log_that_has_lost_its_name_is_another_one()
    {
        await check.EnsureAsync(default);
        there = null;
        check.Lost();

        await Refused();
    }

    [Fact]
    public async Task A_log_without_a_name_is_the_one_that_is_named_later()
    {
        there = null;
        await check.EnsureAsync(default);
        check.Saw(Ours);

        check.Lost();
        there = Guid.NewGuid();
        await Refused();
    }

    [Fact]
    public async Task What_is_lost_while_it_asks_has_to_prove_itself_again()
    {
        var inner = new TaskCompletionSource<Guid?>();
        var reads = 0;
        using var slow = new IdentityCheck("text.log", _ => ++reads == 1 ? inner.Task : Task.FromResult<Guid?>(Ours), time, NullLogger.Instance);
        var first = slow.EnsureAsync(default).AsTask();
        slow.Lost();
        inner.SetResult(Ours);
        await first;

        await slow.EnsureAsync(default);

        reads.Should().Be(2);
    }

    private async Task Refused() =>
        await check.Awaiting(c => c.EnsureAsync(default).AsTask()).Should().ThrowAsync<LogUnavailableException>().WithMessage("Another event log*");
}
