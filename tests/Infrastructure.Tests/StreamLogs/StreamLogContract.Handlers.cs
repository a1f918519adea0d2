using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    private static readonly NodeRun Holder = new("node-a", "run-1");

    [Fact]
    public async Task A_handlers_last_checkpoint_is_read_and_no_other_is_kept()
    {
        (await Log.ReadHandledAsync("billing", CancellationToken.None)).Should().BeNull();
        await Log.LimitHandledAsync("billing", CancellationToken.None);

        var first = await NoteAsync(Revision.None, null);
        var place = (await Log.ReadHandledAsync("billing", CancellationToken.None))!.UpTo;
        place.Should().Be(first.Position);
        var second = await NoteAsync(Revision.From(first.Last), place);

        var last = await (await SecondAsync()).ReadHandledAsync("billing", CancellationToken.None);
        last!.Revision.Value.Should().Be(second.Last);
        last.UpTo.Should().Be(place);
        last.Handled.Holder.Should().Be(Holder);
        (await Store.ReadAllAsync(Prefix.Ended("billing"))).Should().ContainSingle();
        (await Log.ReadHandledAsync("other", CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Of_two_who_note_at_one_revision_one_loses()
    {
        var first = await NoteAsync(Revision.None, null);
        var other = new ServiceEvent.EndingsHandled("billing", new NodeRun("node-b", "run-2"), null) { At = Time.GetUtcNow() };

        (await Log.AppendHandledAsync(other, Revision.None, new AppendId(Guid.NewGuid()), CancellationToken.None)).Should().BeOfType<AppendOutcome.Lost>();
        (await Log.AppendHandledAsync(other, Revision.From(first.Last), new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    [Fact]
    public async Task Behind_a_checkpoints_place_stands_only_what_came_after_it()
    {
        await Text.AppendedAsync(Log, Text.Created);
        var first = await NoteAsync(Revision.None, null);
        await Text.AppendedAsync(Log, Text.Started);

        var items = Log.FollowAllAsync(first.Position, CancellationToken.None).OfType<FeedItem.Recorded>();

        (await items.FirstAsync()).Event.Event.Should().BeOfType<StreamEvent.StreamStarted>();
    }

    private async Task<AppendOutcome.Appended> NoteAsync(Revision expected, LogPosition? upTo)
    {
        var handled = new ServiceEvent.EndingsHandled("billing", Holder, upTo) { At = Time.GetUtcNow() };
        return (await Log.AppendHandledAsync(handled, expected, new AppendId(Guid.NewGuid()), CancellationToken.None))
            .Should().BeOfType<AppendOutcome.Appended>().Subject;
    }
}
