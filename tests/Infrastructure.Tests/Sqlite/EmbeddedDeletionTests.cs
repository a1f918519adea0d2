using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>What a stream's metadata does to it: EventStoreDB's deletion and limits, as events of
/// <c>$$stream</c>.</summary>
public sealed class EmbeddedDeletionTests : IAsyncLifetime
{
    private const string Stream = "order-1";

    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();
    private SqliteEventStore log = null!;

    public async Task InitializeAsync() => log = await folder.OpenAsync(time);

    public async Task DisposeAsync()
    {
        await log.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_deleted_stream_is_missing_until_its_next_event_which_goes_on_with_the_revisions()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));

        (await log.DeleteAsync(Stream, After(2), default)).Should().BeOfType<AppendOutcome.Appended>();
        (await log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Missing>();

        (await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("new"))).Last.Should().Be(3);
        (await log.ReadAllAsync(Stream)).Should().ContainSingle().Which.Text().Should().Be("new");
    }

    [Fact]
    public async Task It_is_so_after_a_restart_and_its_events_have_gone_from_the_disk_then()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3, "secret"));
        await log.DeleteAsync(Stream, ExpectedRevision.Any, default);
        await ReopenAsync();
        (await log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Missing>();

        await log.AppendedAsync(Stream, After(2), Event("new"));
        await ReopenAsync();

        (await log.ReadAllAsync(Stream)).Should().ContainSingle().Which.Revision.Should().Be(3);
        (await log.ReadAllAsync(0, true, null, 100, default)).Seen.Select(seen => seen.Event!.Text()).Should().NotContainMatch("secret*");
    }

    [Fact]
    public async Task The_append_that_began_it_anew_is_known_when_it_comes_again()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        await log.DeleteAsync(Stream, ExpectedRevision.Any, default);
        var beginning = Events(2, "new");
        var first = await log.AppendedAsync(Stream, ExpectedRevision.NoStream, beginning);

        (await log.AppendedAsync(Stream, ExpectedRevision.NoStream, beginning)).Should().Be(first);
        (await log.AppendAsync(Stream, ExpectedRevision.NoStream, Event("other"))).Should().Be(new AppendOutcome.Lost(4));
    }

    [Fact]
    public async Task What_is_not_there_or_further_on_is_not_deleted()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));

        (await log.DeleteAsync(Stream, After(1), default)).Should().Be(new AppendOutcome.Lost(2));
        (await log.DeleteAsync(Stream, ExpectedRevision.NoStream, default)).Should().Be(new AppendOutcome.Lost(2));
        (await log.DeleteAsync("none", ExpectedRevision.Any, default)).Should().Be(new AppendOutcome.Lost(-1));
        (await log.ReadAllAsync(Stream)).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_deletion_keeps_what_else_the_metadata_says()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("0"));
        await log.AppendedAsync("$$" + Stream, ExpectedRevision.Any, Metadata("""{"$maxCount":7,"mine":[1]}"""));
        await log.DeleteAsync(Stream, ExpectedRevision.Any, default);
        await log.AppendedAsync(Stream, ExpectedRevision.Any, Event("1"));

        (await log.ReadAllAsync("$$" + Stream)).Should().ContainSingle().Which.Text().Should().Be("""{"$maxCount":7,"mine":[1],"$tb":1}""");
    }

    [Fact]
    public async Task Limits_set_by_us_are_metadata_for_all_and_metadata_are_limits()
    {
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(5));
        await log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 3, TimeSpan.FromSeconds(90)), default);
        (await log.ReadAllAsync("$$" + Stream)).Should().ContainSingle().Which.Text().Should().Be("""{"$maxCount":3,"$maxAge":90}""");

        await log.AppendedAsync("$$" + Stream, ExpectedRevision.Any, Metadata("""{"$tb":4}"""));
        (await log.ReadAllAsync(Stream)).Select(stored => stored.Revision).Should().Equal(4);
    }

    [Theory]
    [InlineData("{bad")]
    [InlineData("""{"$maxCount":1,"$maxCount":2}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""")]
    [InlineData("""{"$maxCount":"1","$maxAge":-1,"$tb":1e300}""")]
    [InlineData("[1]")]
    [InlineData("")]
    public async Task Metadata_that_make_no_sense_hinder_nobody(string metadata)
    {
        await log.AppendedAsync("$$" + Stream, ExpectedRevision.Any, Metadata(metadata));
        await ReopenAsync();

        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        (await log.ReadAllAsync(Stream)).Should().HaveCount(3);
        await log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 1, null), default);
        (await log.ReadAllAsync(Stream)).Should().ContainSingle();
        await log.DeleteAsync(Stream, ExpectedRevision.Any, default);
        (await log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Missing>();
    }

    [Fact]
    public async Task Metadata_with_a_tombstone_limit_nothing_and_what_was_trimmed_is_no_damage()
    {
        await log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 1, null), default);
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(3));
        await log.TombstoneAsync("$$" + Stream, ExpectedRevision.Any, new EventId(Guid.NewGuid()), default, default);
        await ReopenAsync();

        (await log.ReadAllAsync(Stream)).Select(stored => stored.Revision).Should().Equal(2);
    }

    [Fact]
    public async Task An_append_at_any_revision_that_begins_with_what_is_there_and_goes_on_otherwise_conflicts()
    {
        var there = Events(5);
        await log.AppendedAsync(Stream, ExpectedRevision.NoStream, there);

        (await log.AppendAsync(Stream, ExpectedRevision.Any, there[4], Event("new"))).Should().Be(new AppendOutcome.Lost(4));
        (await log.AppendedAsync(Stream, ExpectedRevision.Any, there[1], there[2])).Last.Should().Be(2);
        (await log.AppendedAsync(Stream, ExpectedRevision.StreamExists, there[3])).Last.Should().Be(3);
        (await log.AppendedAsync(Stream, ExpectedRevision.Any, Event("new"), there[4])).Last.Should().Be(6);
    }

    [Fact]
    public async Task A_long_append_at_any_revision_is_known_right_after_it()
    {
        var many = Events(200);
        await log.AppendedAsync(Stream, ExpectedRevision.Any, many);

        (await log.AppendedAsync(Stream, ExpectedRevision.Any, many)).Last.Should().Be(199);
    }

    [Fact]
    public async Task A_stream_exists_also_by_its_metadata()
    {
        (await log.AppendAsync(Stream, ExpectedRevision.StreamExists, Event("0"))).Should().Be(new AppendOutcome.Lost(-1));
        await log.SetLimitsAsync(Stream, new StreamLimits(MaxCount: 5, null), default);

        (await log.AppendedAsync(Stream, ExpectedRevision.StreamExists, Event("0"))).Last.Should().Be(0);
    }

    private async Task ReopenAsync()
    {
        await log.DisposeAsync();
        log = await folder.OpenAsync(time);
    }

    private static NewEvent Metadata(string json) =>
        new(new EventId(Guid.NewGuid()), "$metadata", "application/json", Encoding.UTF8.GetBytes(json), default);
}
