using System.Text;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

[Collection(nameof(Alone))]
public sealed class ClientQueueTests
{
    private const int Bound = 256 * 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_stuck_driver_costs_is_about_its_bound_however_short_the_pieces_are(bool areMarked)
    {
        var queue = new ClientQueue(Bound, new ManualTime());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Bound; i++)
        {
            queue.Text(new string((char)('a' + (i % 26)), 1));
            if (areMarked) queue.Saved(Revision.From(i), i);
        }

        var cost = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(queue);

        queue.IsDropped.Should().BeFalse();
        cost.Should().BeLessThan(2 * Bound * sizeof(char));
        queue.Text("x");
        queue.IsDropped.Should().BeTrue();
    }

    [Fact]
    public async Task What_the_reader_has_taken_and_not_sent_counts()
    {
        var queue = new ClientQueue(10, new ManualTime());
        queue.Text("12345678");
        var taken = await queue.ReadAsync(null, default);
        queue.Text("90");
        queue.IsDropped.Should().BeFalse();

        queue.Text("x");

        queue.IsDropped.Should().BeTrue();
        taken.Should().ContainSingle().Which.Text.Should().Be("12345678");
    }

    [Fact]
    public async Task What_has_been_sent_counts_no_more()
    {
        var queue = new ClientQueue(10, new ManualTime());
        List<DriverItem>? items = null;
        for (var i = 0; i < 100; i++)
        {
            queue.Text("12345678");
            items = await queue.ReadAsync(items, default);
            items.Should().ContainSingle();
            var next = queue.ReadAsync(items, default);
            next.IsCompleted.Should().BeFalse();
            queue.Text("90");
            queue.Deliver();
            items = await next;
        }

        queue.IsDropped.Should().BeFalse();
    }

    [Fact]
    public async Task A_piece_longer_than_the_bound_passes_while_nothing_else_waits()
    {
        var queue = new ClientQueue(10, new ManualTime());
        var piece = new string('x', 1000);

        queue.Text(piece);

        queue.IsDropped.Should().BeFalse();
        (await queue.ReadAsync(null, default)).Should().ContainSingle().Which.Text.Should().Be(piece);
        queue.Text(piece);
        queue.IsDropped.Should().BeTrue("the first has not been sent");
    }

    [Fact]
    public async Task However_much_waits_text_comes_in_order_marks_after_what_they_tell_of_and_the_end_last()
    {
        var random = new Random(4);
        var queue = new ClientQueue(Bound, new ManualTime());
        var (sent, got, saved) = (new StringBuilder(), new StringBuilder(), 0L);
        List<DriverItem>? items = null;
        for (var i = 0; i < 5000; i++)
        {
            var piece = $"{i} ";
            sent.Append(piece);
            queue.Text(piece);
            if (random.Next(3) == 0) queue.Saved(Revision.From(i), sent.Length);
            if (random.Next(200) == 0) Take(items = await queue.ReadAsync(items, default));
        }

        queue.End(new DriverEnd(StreamStatus.Done, Revision.From(5000), sent.Length, null));
        Take(items = await queue.ReadAsync(items, default));

        got.ToString().Should().Be(sent.ToString());
        items[^1].End.Should().NotBeNull();

        void Take(List<DriverItem> some)
        {
            foreach (var item in some)
            {
                got.Append(item.Text);
                if (item.Saved is not { } mark) continue;
                mark.Length.Should().BeGreaterThan(saved).And.BeLessThanOrEqualTo(got.Length);
                saved = mark.Length;
            }
        }
    }

    [Fact]
    public async Task What_waits_and_what_has_been_taken_counts_in_the_nodes_memory_until_nothing_reads_any_more()
    {
        var memory = new TextMemory(10_000);
        var queue = new ClientQueue(1000, new ManualTime(), memory);
        queue.Text("12345");
        memory.Held.Should().Be(10);

        var items = await queue.ReadAsync(null, default);
        queue.Text("678");
        memory.Held.Should().Be(16);
        items = await queue.ReadAsync(items, default);
        memory.Held.Should().Be(6);
        queue.Text("90");
        queue.End(new DriverEnd(StreamStatus.Done, null, 10, null));
        queue.Done();

        memory.Held.Should().Be(0);
        new ClientQueue(4, new ManualTime(), memory).Text("is dropped");
        memory.Held.Should().Be(20, "a piece that is longer than the bound passes while nothing else waits");
    }

    [Fact]
    public void While_the_nodes_memory_is_used_up_a_driver_may_be_behind_by_less()
    {
        var memory = new TextMemory(1024 * 1024);
        var queue = new ClientQueue(Bound, new ManualTime(), memory);
        for (var i = 0; i < 3; i++) queue.Text(new string('x', 30_000));
        queue.IsDropped.Should().BeFalse();
        memory.Hold(1024 * 1024);

        queue.Text("x");

        queue.IsDropped.Should().BeTrue();
        memory.Held.Should().Be(1024 * 1024);
    }
}
