using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>What every log of bytes does: appending and reading. Following and deleting stand in the other parts of
/// this class.</summary>
public abstract partial class EventStoreContract : IAsyncLifetime
{
    private readonly List<IEventStore> opened = [];

    /// <summary>The clock for the log to use.</summary>
    protected ManualTime Time { get; } = new();

    private protected IEventStore Log { get; private set; } = null!;

    /// <summary>Other for each test, prefix and all, so that tests may share a store, also one that an app
    /// uses.</summary>
    protected string Stream { get; } = $"t{Guid.NewGuid():N}-a";

    /// <summary>False where the store keeps its own time, which a test cannot turn.</summary>
    protected virtual bool UsesOurClock => true;

    /// <summary>Whether an append that lost by one event brings it.</summary>
    protected virtual bool KnowsNext => true;

    /// <summary>False where only one instance at a time may have the store open.</summary>
    protected virtual bool CanOpenTwice => true;

    /// <summary>A log on this test's store: empty at first; called again, a second instance on the same
    /// store.</summary>
    private protected abstract Task<IEventStore> OpenAsync();

    public virtual async Task InitializeAsync() => Log = await OpenAnotherAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var log in opened) await log.DisposeAsync();
    }

    private async Task<IEventStore> OpenAnotherAsync()
    {
        var log = await OpenAsync();
        opened.Add(log);
        return log;
    }

    /// <summary>A second instance where the store allows one, else the first again.</summary>
    private async Task<IEventStore> SecondAsync() => CanOpenTwice ? await OpenAnotherAsync() : Log;

    [Fact]
    public async Task A_stream_that_never_was_is_missing()
    {
        (await Log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Missing>();
        (await Log.ReadAsync(Stream, long.MaxValue, forward: false)).Should().BeOfType<StoreRead.Missing>();
    }

    [Fact]
    public async Task What_was_appended_is_read_as_it_was_given()
    {
        var all = new byte[256];
        for (var i = 0; i < all.Length; i++) all[i] = (byte)i;
        NewEvent[] given =
        [
            new(new EventId(Guid.NewGuid()), "Bytes", "application/octet-stream", all, all),
            new(new EventId(Guid.NewGuid()), "Nothing", "application/octet-stream", default, default),
            Event("""{"text":"Zażółć 漢字 👩‍🚀"}""", "Ünïcode"),
        ];

        var appended = await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, given);
        var read = await Log.ReadAllAsync(Stream);

        appended.Last.Should().Be(2);
        appended.Position.Should().Be(read[2].Position);
        read.Should().HaveCount(3);
        for (var i = 0; i < given.Length; i++)
        {
            read[i].Stream.Should().Be(Stream);
            read[i].Revision.Should().Be(i);
            read[i].Id.Should().Be(given[i].Id);
            read[i].Type.Should().Be(given[i].Type);
            read[i].ContentType.Should().Be(given[i].ContentType);
            read[i].Data.ToArray().Should().Equal(given[i].Data.ToArray());
            read[i].Metadata.ToArray().Should().Equal(given[i].Metadata.ToArray());
            if (UsesOurClock) read[i].Created.Should().Be(Time.GetUtcNow());
        }
    }

    [Fact]
    public async Task Names_of_streams_are_ordinal_and_may_hold_anything()
    {
        string[] names = [$"{Stream}/a/b", $"{Stream}/A/b", $"{Stream} %_'\"é", $"{Stream}漢👩‍🚀"];
        foreach (var name in names) await Log.AppendedAsync(name, ExpectedRevision.NoStream, Event(name));

        foreach (var name in names) (await Log.ReadAllAsync(name)).Should().ContainSingle().Which.Text().Should().Be(name);
    }

    [Fact]
    public async Task Positions_grow()
    {
        var first = await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));
        var other = await Log.AppendedAsync(Stream + "b", ExpectedRevision.NoStream, Events(3));
        var second = await Log.AppendedAsync(Stream, After(0), Event("b"));

        first.Position.Should().BeGreaterThan(LogPosition.Start);
        other.Position.Should().BeGreaterThan(first.Position);
        second.Position.Should().BeGreaterThan(other.Position);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_revision_that_is_not_the_last_one_conflicts_and_writes_nothing(long expected)
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(2));

        (await Log.AppendAsync(Stream, After(expected), Event("late"))).Should().Be(new AppendOutcome.Lost(1));
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_append_that_lost_brings_the_event_that_stands_there_or_none()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(2));

        var next = (await Log.AppendAsync(Stream, After(0), Event("late"))).Should().BeOfType<AppendOutcome.Lost>().Which.Next;

        var there = (await Log.ReadAllAsync(Stream))[1];
        (next is null || (next.Id == there.Id && next.Revision == 1 && next.Position == there.Position && next.Text() == there.Text()))
            .Should().BeTrue("a wrong one would be taken for the winner");
        KnowsNext.Should().Be(next is not null);
    }

    [Fact]
    public async Task A_revision_of_a_stream_that_never_was_conflicts()
    {
        (await Log.AppendAsync(Stream, After(0), Event("a"))).Should().Be(new AppendOutcome.Lost(-1));
        (await Log.ReadAsync(Stream)).Should().BeOfType<StoreRead.Missing>();
    }

    [Fact]
    public async Task Any_revision_appends_to_whatever_is_there()
    {
        (await Log.AppendedAsync(Stream, ExpectedRevision.Any, Event("a"))).Last.Should().Be(0);
        (await Log.AppendedAsync(Stream, ExpectedRevision.Any, Event("b"))).Last.Should().Be(1);
    }

    [Fact]
    public async Task A_stream_that_is_to_exist_takes_an_append_once_it_does()
    {
        (await Log.AppendAsync(Stream, ExpectedRevision.StreamExists, Event("a"))).Should().Be(new AppendOutcome.Lost(-1));
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("a"));

        (await Log.AppendedAsync(Stream, ExpectedRevision.StreamExists, Event("b"))).Last.Should().Be(1);
    }

    [Fact]
    public async Task The_same_append_again_is_appended_and_writes_nothing()
    {
        var events = Events(3);
        var first = await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events);
        (await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events)).Should().Be(first);

        await Log.AppendedAsync(Stream, After(2), Event("later"));
        (await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events)).Should().Be(first);
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(4);
    }

    [Fact]
    public async Task An_append_that_only_begins_or_ends_like_one_that_is_there_conflicts()
    {
        var events = Events(3);
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events);

        (await Log.AppendAsync(Stream, ExpectedRevision.NoStream, [.. events, Event("more")]))
            .Should().Be(new AppendOutcome.Lost(2));
        (await Log.AppendAsync(Stream, ExpectedRevision.NoStream, [Event("other"), .. events[1..]]))
            .Should().Be(new AppendOutcome.Lost(2));
        (await Log.AppendAsync(Stream, After(0), events)).Should().Be(new AppendOutcome.Lost(2));
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(3);
    }

    [Fact]
    public async Task The_beginning_of_an_append_that_is_there_is_appended()
    {
        var events = Events(3);
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events);

        (await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, events[..2])).Last.Should().Be(1);
    }

    [Fact]
    public async Task The_same_append_at_any_revision_is_known_among_the_last_events()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.Any, Events(2));
        var events = Events(2);
        var first = await Log.AppendedAsync(Stream, ExpectedRevision.Any, events);
        await Log.AppendedAsync(Stream, ExpectedRevision.Any, Events(2));

        (await Log.AppendedAsync(Stream, ExpectedRevision.Any, events)).Should().Be(first);
        (await Log.ReadAllAsync(Stream)).Should().HaveCount(6);
    }

    [Fact]
    public async Task Of_many_appends_at_one_revision_exactly_one_wins()
    {
        var second = await SecondAsync();
        for (var round = -1L; round < 4; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
                Task.Run(() => (i % 2 == 0 ? Log : second).AppendAsync(Stream, After(round), Event($"{i}")))));

            results.OfType<AppendOutcome.Appended>().Should().ContainSingle();
            results.OfType<AppendOutcome.Lost>().Should().HaveCount(15);
        }

        (await Log.ReadAllAsync(Stream)).Should().HaveCount(5);
    }

    [Fact]
    public async Task Appends_to_many_streams_keep_each_streams_order()
    {
        var streams = Enumerable.Range(0, 20).Select(i => $"{Stream}-{i}").ToArray();
        await Task.WhenAll(streams.Select(stream => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await Log.AppendedAsync(stream, After(i - 1), Event($"{i}"));
        })));

        foreach (var stream in streams)
        {
            var read = await Log.ReadAllAsync(stream);
            read.Select(e => e.Text()).Should().Equal(Enumerable.Range(0, 20).Select(i => $"{i}"));
            read.Select(e => e.Position).Should().BeInAscendingOrder();
        }
    }

    [Fact]
    public async Task An_append_whose_caller_is_gone_before_it_began_is_not_waited_for()
    {
        var act = () => Log.AppendAsync(Stream, ExpectedRevision.NoStream, Events(1), new CancellationToken(canceled: true));

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Pages_forward_and_backward_begin_where_they_are_told()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(10));

        async Task<IEnumerable<long>> Revisions(long from, bool forward, int count) =>
            (await Log.ReadAsync(Stream, from, forward, count)).Should().BeOfType<StoreRead.Page>().Which.Events.Select(e => e.Revision);

        (await Revisions(3, true, 4)).Should().Equal(3, 4, 5, 6);
        (await Revisions(8, true, 4)).Should().Equal(8, 9);
        (await Revisions(3, false, 2)).Should().Equal(3, 2);
        (await Revisions(1, false, 5)).Should().Equal(1, 0);
        (await Revisions(long.MaxValue, false, 2)).Should().Equal(9, 8);
        (await Revisions(50, false, 2)).Should().Equal(9, 8);
    }

    [Fact]
    public async Task A_page_says_whether_anything_lies_beyond_it()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Events(4));

        (await Log.ReadAsync(Stream, 0, true, 3)).Should().BeOfType<StoreRead.Page>().Which.AtEnd.Should().BeFalse();
        (await Log.ReadAsync(Stream, 0, true, 5)).Should().BeOfType<StoreRead.Page>().Which.AtEnd.Should().BeTrue();
        (await Log.ReadAsync(Stream, 3, false, 3)).Should().BeOfType<StoreRead.Page>().Which.AtEnd.Should().BeFalse();
        (await Log.ReadAsync(Stream, 3, false, 5)).Should().BeOfType<StoreRead.Page>().Which.AtEnd.Should().BeTrue();
        var beyond = (await Log.ReadAsync(Stream, 4)).Should().BeOfType<StoreRead.Page>().Which;
        beyond.Events.Should().BeEmpty();
        beyond.AtEnd.Should().BeTrue();
    }

    [Fact]
    public async Task Large_events_come_back_whole_whatever_the_pages()
    {
        for (var i = 0; i < 5; i++)
            await Log.AppendedAsync(Stream, After(i - 1), Event(new string((char)('a' + i), 500_000)));

        var read = await Log.ReadAllAsync(Stream);

        read.Select(e => (e.Revision, e.Text()[0], e.Data.Length)).Should()
            .Equal((0, 'a', 500_000), (1, 'b', 500_000), (2, 'c', 500_000), (3, 'd', 500_000), (4, 'e', 500_000));
    }

    [Fact]
    public async Task An_event_is_found_at_its_position_and_nowhere_else()
    {
        var appended = await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("here"));

        (await Log.FindAsync(appended.Position, CancellationToken.None))!.Text().Should().Be("here");
        (await Log.FindAsync(new LogPosition(appended.Position.Commit + 1000, appended.Position.Prepare + 1000), CancellationToken.None))
            .Should().BeNull();
        (await Log.FindAsync(LogPosition.Start, CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task A_second_instance_reads_what_the_first_appended()
    {
        await Log.AppendedAsync(Stream, ExpectedRevision.NoStream, Event("shared"));

        (await (await SecondAsync()).ReadAllAsync(Stream)).Should().ContainSingle().Which.Text().Should().Be("shared");
    }
}
