using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>The index's newest entries stand in a table of their own until they are moved.</summary>
public sealed class EmbeddedIndexTests : IDisposable
{
    private const int Streams = 3, Appends = 24, EventsOfOne = 200;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_stream_reads_the_same_in_both_directions_while_its_entries_are_moved()
    {
        await using var log = await folder.OpenAsync();
        await log.SetLimitsAsync("text-limited", new StreamLimits(MaxCount: 2, MaxAge: null), CancellationToken.None);
        for (var n = 0; n < Appends; n++)
        {
            for (var s = 0; s < Streams; s++) await log.AppendedAsync($"text-{s}", After((n * EventsOfOne) - 1), Events(EventsOfOne));
            await log.AppendedAsync("text-limited", After(n - 1), Event($"{n}"));

            var last = ((n + 1) * EventsOfOne) - 1;
            var whole = await log.ReadAllAsync("text-1");
            whole.Select(e => e.Revision).Should().Equal(Enumerable.Range(0, last + 1).Select(i => (long)i));
            var end = (await log.ReadAsync("text-1", long.MaxValue, forward: false, 300)).Should().BeOfType<StoreRead.Page>().Which;
            end.Events.Select(e => e.Revision).Should().Equal(whole.TakeLast(300).Reverse().Select(e => e.Revision));
            (await log.ReadAllAsync("text-limited")).Select(e => e.Text()).Should().Equal(n == 0 ? ["0"] : [$"{n - 1}", $"{n}"]);
        }
    }

    [Fact]
    public async Task A_repeated_append_is_known_whether_its_entries_have_been_moved_or_not()
    {
        var first = Events(EventsOfOne);
        var last = Events(2);
        await using var log = await folder.OpenAsync();
        var appended = await log.AppendedAsync("text-a", ExpectedRevision.NoStream, first);
        for (var n = 1; n <= Appends; n++) await log.AppendedAsync("text-a", After((n * EventsOfOne) - 1), Events(EventsOfOne));
        await log.AppendedAsync("text-a", ExpectedRevision.Any, last);

        (await log.AppendAsync("text-a", ExpectedRevision.NoStream, first)).Should().Be(appended);
        (await log.AppendAsync("text-a", ExpectedRevision.Any, last)).Should().BeOfType<AppendOutcome.Appended>()
            .Which.Last.Should().Be(((Appends + 1) * EventsOfOne) + 1);
    }

    [Fact]
    public async Task A_damage_of_the_index_that_keeps_it_from_being_moved_does_not_stop_the_log()
    {
        await using (var log = await folder.OpenAsync()) await log.AppendedAsync("text-a", ExpectedRevision.NoStream, Event("0"));
        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(10)))
            database.Execute("INSERT INTO recent SELECT * FROM settled");

        await using var again = await folder.OpenAsync();
        for (var n = 0; n < Appends * 2; n++) await again.AppendedAsync("text-b", After((n * EventsOfOne) - 1), Events(EventsOfOne));

        (await again.ReadAllAsync("text-b")).Should().HaveCount(Appends * 2 * EventsOfOne);
        (await again.ReadAllAsync("text-a")).Should().ContainSingle("what stands twice is read once");
    }
}
