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
}
