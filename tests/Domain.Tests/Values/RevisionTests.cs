namespace EventSourcedStreams.Domain.Tests;

public sealed class RevisionTests
{
    [Fact]
    public void None_stands_before_the_first_event()
    {
        Revision.None.Value.Should().Be(-1);
        Revision.None.Next.Should().Be(Revision.From(0));
        (Revision.None < Revision.From(0)).Should().BeTrue();
        default(Revision).Should().Be(Revision.None);
    }

    [Fact]
    public void Revisions_are_ordered_up_to_the_one_under_which_a_tombstone_reads()
    {
        var tombstone = Revision.From(long.MaxValue);

        tombstone.Value.Should().Be(long.MaxValue);
        (tombstone > Revision.From(7)).Should().BeTrue();
        (Revision.None < tombstone).Should().BeTrue();
        (Revision.From(7) < Revision.From(8)).Should().BeTrue();
        FluentActions.Invoking(() => Revision.From(-2)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
