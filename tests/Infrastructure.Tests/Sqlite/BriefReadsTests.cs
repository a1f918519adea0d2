using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

public sealed class BriefReadsTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void A_brief_read_is_made_by_the_thread_that_asks()
    {
        using var reads = new BriefReads<Reader>(new Reader(), time);
        var thread = 0;

        reads.TryRead(_ => thread = Environment.CurrentManagedThreadId).Should().BeTrue();

        thread.Should().Be(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task While_one_caller_reads_another_is_sent_to_the_reader_threads()
    {
        using var reads = new BriefReads<Reader>(new Reader(), time);
        var elsewhere = false;

        reads.TryRead(_ => elsewhere = Task.Run(() => reads.TryRead(_ => { })).Result).Should().BeTrue();

        elsewhere.Should().BeFalse();
        (await Task.Run(() => reads.TryRead(_ => { }))).Should().BeTrue("the first one is done");
    }

    [Fact]
    public void A_read_within_a_read_is_sent_to_the_reader_threads()
    {
        using var reads = new BriefReads<Reader>(new Reader(), time);
        var within = true;

        reads.TryRead(_ => within = reads.TryRead(_ => { })).Should().BeTrue();

        within.Should().BeFalse();
    }

    [Fact]
    public void After_a_slow_read_none_is_made_for_a_second()
    {
        using var reads = new BriefReads<Reader>(new Reader(), time);
        reads.TryRead(_ => time.Advance(TimeSpan.FromMilliseconds(3))).Should().BeTrue();

        reads.TryRead(_ => { }).Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(999));
        reads.TryRead(_ => { }).Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        reads.TryRead(_ => { }).Should().BeTrue();
        reads.TryRead(_ => { }).Should().BeTrue("the last one was quick");
    }

    [Fact]
    public void A_closed_one_closes_its_reader_and_reads_no_more()
    {
        var reader = new Reader();
        var reads = new BriefReads<Reader>(reader, time);

        reads.Dispose();

        reader.IsClosed.Should().BeTrue();
        reads.TryRead(_ => { }).Should().BeFalse();
    }

    [Fact]
    public void A_read_that_throws_leaves_the_turn_to_the_next()
    {
        using var reads = new BriefReads<Reader>(new Reader(), time);

        reads.Invoking(r => r.TryRead(_ => throw new IOException("The disk is gone."))).Should().Throw<IOException>();

        reads.TryRead(_ => { }).Should().BeTrue();
    }

    private sealed class Reader : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
