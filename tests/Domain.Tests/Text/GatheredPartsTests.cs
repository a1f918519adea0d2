using System.Text;
using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

public sealed class GatheredPartsTests
{
    private readonly ContentBatcher batcher = new(BatchLimits.Default);
    private readonly GatheredText one = new(1);
    private readonly GatheredText two = new(2);

    [Fact]
    public void A_start_or_an_end_is_due_at_once()
    {
        batcher.Add(Start(), 0, Ms(7));
        batcher.DueIn(Ms(7)).Should().Be(TimeSpan.Zero);
        batcher.Take(Noon).Commands.Should().Equal(Start());
        batcher.DueIn(Ms(7)).Should().BeNull();

        batcher.Add(End(1), 0, Ms(8));
        batcher.DueIn(Ms(8)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Text_joins_within_a_batch_in_the_order_of_first_pieces()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Add(two, "b");
            Add(one, "a");
            batcher.Add("c", 1, Noon, Ms(0));
        }

        batcher.Take(Noon).Commands.Should().Equal(
            new PersistPart(2, "bbb", Noon) { At = Noon }, new PersistPart(1, "aaa", Noon) { At = Noon }, new PersistChunk("ccc", Noon) { At = Noon });
    }

    [Fact]
    public void No_text_joins_over_a_start_or_an_end()
    {
        Add(one, "a");
        batcher.Add("c", 1, Noon, Ms(0));
        batcher.Add(Start(), 0, Ms(0));
        Add(one, "a");
        batcher.Add("c", 1, Noon, Ms(0));
        batcher.Add(End(1), 0, Ms(0));
        batcher.Add("c", 1, Noon, Ms(0));

        Shown(batcher.Take(Noon)).Should().Equal("1:a", "body:c", "start", "1:a", "body:c", "end 1", "body:c");
    }

    [Fact]
    public void Each_text_has_its_own_end_of_a_sentence()
    {
        Add(one, "An end.");
        Add(two, " no");
        batcher.DueIn(Ms(0)).Should().Be(Ms(100));

        Add(one, " and");

        batcher.DueIn(Ms(0)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void An_append_is_filled_by_encoded_size_and_text_is_cut_in_its_place()
    {
        Add(one, new string('\u0001', 72_000));                                  // encoded six times as long
        batcher.Add(Start(new string('x', 16_000)), 16_008, Ms(0));
        Add(one, "rest");

        var first = batcher.Take(Noon);
        var second = batcher.Take(Noon);

        string.Concat(Shown(first)).Should().HaveLength(72_000 + 4, "there is no room for the start");
        Shown(second).Should().Equal("start", "1:rest");
        (first.Bytes + second.Bytes).Should().Be(72_000 + 16_008 + 4);
        (first.BodyBytes + second.BodyBytes).Should().Be(0);
    }

    [Fact]
    public void What_is_left_of_a_text_keeps_its_place_and_its_time()
    {
        batcher.Add(one, new string('a', 600_000), 600_000, Noon + Ms(1), Ms(1));
        batcher.Add(End(2), 0, Ms(2));
        var since = batcher.Take(Noon).Commands.Cast<PersistPart>().Select(text => text.Since).Distinct();
        batcher.Add(one, "b", 1, Noon + Ms(9), Ms(9));

        since.Should().Equal(Noon + Ms(1));
        batcher.DueIn(Ms(9)).Should().Be(TimeSpan.Zero);
        var rest = batcher.Take(Noon).Commands;
        rest[0].Should().BeOfType<PersistPart>().Which.Since.Should().Be(Noon + Ms(1));
        Shown(rest)[^2..].Should().Equal("end 2", "1:b");
        batcher.IsEmpty.Should().BeTrue();
        batcher.Bytes.Should().Be(0);
    }

    private static StartPart Start(string? detail = null) =>
        new(new PartStart("x") { Detail = detail is null ? null : $"{{\"a\":\"{detail}\"}}" }, Noon) { At = Noon };

    private static EndPart End(int part) => new(part, new PartEnd(), Noon) { At = Noon };

    private static List<string> Shown(Batch batch) => Shown(batch.Commands);

    private static List<string> Shown(IEnumerable<StreamCommand> commands) => [.. commands.Select(command => command switch
    {
        PersistChunk e => "body:" + e.Text,
        PersistPart e => $"{e.Part}:{e.Text}",
        StartPart => "start",
        EndPart e => $"end {e.Part}",
        _ => command.ToString(),
    })];

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private void Add(GatheredText text, string piece) => batcher.Add(text, piece, Encoding.UTF8.GetByteCount(piece), Noon, Ms(0));
}
