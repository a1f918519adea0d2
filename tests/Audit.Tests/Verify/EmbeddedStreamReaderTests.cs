using EventSourcedStreams.Audit.Verify;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A stream that a server deletes and removes while it is verified, page by page.</summary>
public sealed class EmbeddedStreamReaderTests
{
    private const int PageRows = 4;

    private readonly List<StoredEvent> stored = RandomStreams.Stored(
        [Created(), Started(), .. Enumerable.Range(0, 10).Select(i => Chunk(i, i, "x")), Completed(10, 10), Deleted(StreamStatus.Done, 10, 10)]);
    private readonly List<Finding> findings = [];
    private long removed;
    private bool isDeleted;
    private int pages;

    [Fact]
    public async Task Deleted_between_two_pages_it_is_a_deleted_stream_and_clean()
    {
        var verified = await VerifyAsync(beforePage: page =>
        {
            if (page == 3) (isDeleted, removed) = (true, 9);
        });

        findings.Should().BeEmpty();
        verified.Should().Match<VerifiedStream>(v => v.IsTombstoned && v.Deletion!.By == "bob" && v.Findings == 0);
    }

    [Fact]
    public async Task What_is_removed_from_the_front_meanwhile_leaves_no_gap()
    {
        isDeleted = true;
        var verified = await VerifyAsync(beforePage: page => removed = page < 3 ? 0 : page == 3 ? 8 : 10);

        findings.Should().BeEmpty();
        verified.IsTombstoned.Should().BeTrue();
        pages.Should().Be(6);
    }

    [Fact]
    public async Task A_gap_in_what_is_left_is_one_although_the_front_is_being_removed()
    {
        isDeleted = true;
        stored.RemoveAt(8);
        await VerifyAsync(beforePage: page => removed = Math.Min(page, 3));

        findings.Should().ContainSingle().Which.Should().Match<Finding>(f => f.Code == "revision" && f.Revision == 8);
    }

    private Task<VerifiedStream> VerifyAsync(Action<int> beforePage) => new EmbeddedStreamReader(
        (after, _) =>
        {
            beforePage(++pages);
            return Task.FromResult(Page(after));
        },
        SomeStream,
        findings.Add).VerifyAsync(seen: null, default);

    private InspectedPage Page(long after)
    {
        var last = stored[^1];
        var head = StreamCodec.Decode(SomeStream, last).Head;
        var tombstone = last with
        {
            Revision = StoredEvent.TombstoneRevision,
            Position = new LogPosition(1000, 1000),
            Type = StoredEvent.TombstoneType,
            Metadata = TombstoneMetadata.Write(new Deletion("bob", Noon, head)),
        };
        StoredEvent[] left = [.. stored.Where(e => e.Revision >= removed && e.Revision > after), .. isDeleted ? [tombstone] : Array.Empty<StoredEvent>()];
        var rows = left.Take(PageRows).Select(e => new InspectedRow(e.Revision, e, null)).ToList();
        return new InspectedPage(rows, isDeleted ? StoredEvent.TombstoneRevision : last.Revision, AtEnd: left.Length <= PageRows);
    }
}
