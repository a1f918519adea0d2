using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.FaultyStore;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;
using static EventSourcedStreams.Infrastructure.Tests.EventStoreDb.FaultyStoreFixture;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>A right that is lacking, at first or later, is said for health until it is there.</summary>
public sealed class AccessRightTests : IAsyncLifetime
{
    private const string Stream = "text-a";
    private static readonly StoreFilter Ours = new(["text-"], []);

    private FaultyStoreFixture store = null!;
    private FaultyNode node = null!;
    private EventStoreDbStore log = null!;

    public async Task InitializeAsync()
    {
        store = await StartAsync(nodes: 1);
        node = store.Cluster.Leader;
        log = await store.OpenAsync(StoreUnderTest.Patient(store.Options()) with { RightsInterval = TimeSpan.FromMilliseconds(50) });
    }

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Without_the_right_to_read_everything_it_says_so_until_it_has_it()
    {
        node.Refused = Rights.ReadAll;
        await using var feed = log.FollowAllAsync(LogPosition.Start, Ours, default).GetAsyncEnumerator();
        var first = feed.MoveNextAsync().AsTask();

        await Eventually.UntilAsync("it is known", () => log.Problem is not null);
        log.Problem.Should().Contain("denies access").And.Contain("read $all").And.Contain("docs/operations.md");
        first.IsCompleted.Should().BeFalse();

        node.Refused = Rights.None;
        (await first.WaitAsync(Eventually.Limit)).Should().BeTrue();
        await Eventually.UntilAsync("it is well", () => log.Problem is null);
    }

    [Fact]
    public async Task A_right_to_read_everything_that_is_taken_away_is_noticed_while_the_subscription_goes_on()
    {
        await using var feed = log.FollowAllAsync(LogPosition.Start, Ours, default).GetAsyncEnumerator();
        (await feed.TakeAsync(1))[0].Should().BeNull("there is nothing");
        node.Refused = Rights.ReadAll;

        await Eventually.UntilAsync("it is known", () => log.Problem?.Contains("read $all") == true);
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));
        (await feed.TakeAsync(1))[0]!.Text().Should().Be("a");
        log.Problem.Should().Contain("read $all", "what the old subscription brings says nothing");

        node.Refused = Rights.None;
        await Eventually.UntilAsync("it is well", () => log.Problem is null);
    }

    [Theory]
    [InlineData(Rights.Append, "append to text-a")]
    [InlineData(Rights.Read, "read text-a")]
    [InlineData(Rights.Delete, "delete text-a")]
    public async Task Any_right_is_asked_for_by_name(Rights right, string words)
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));
        node.Refused = right;
        await TryAsync(right);
        log.Problem.Should().Contain(words);

        node.Refused = Rights.None;
        await TryAsync(right);
        log.Problem.Should().BeNull();
    }

    private async Task TryAsync(Rights right)
    {
        try
        {
            if (right == Rights.Append) await log.AppendAsync(Stream, After(0), Event("b"));
            else if (right == Rights.Read) await log.ReadAsync(Stream);
            else await log.TombstoneAsync(Stream, ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        }
        catch (LogUnavailableException)
        {
            node.Refused.Should().Be(right);
        }
    }
}
