using static EventSourcedStreams.Domain.StreamCommand;

namespace EventSourcedStreams.Domain;

/// <summary>What becomes of an end that cannot be stored.</summary>
internal sealed partial class StreamRunner
{
    /// <summary>Appends; an ending that has no stored form gives way to one that says so, so that neither the text
    /// before it nor the end is lost over it.</summary>
    private async Task<(Decision Decision, AppendOutcome? Outcome)> AppendAsync(Work work, CancellationToken lifetime)
    {
        try
        {
            return await tail.AppendAsync(work.Commands, context, lifetime);
        }
        catch (UnstorableException e) when (work.IsLast)
        {
            onFault(Id, e);
            return await tail.AppendAsync([.. work.Commands.SkipLast(1), Instead(work.Commands[^1], e)], context, lifetime);
        }
    }

    private static Fail Instead(StreamCommand ending, UnstorableException why) => new(
        StreamFailure.UnstorableEnd,
        $"The end that the stream was given cannot be stored ({(why.InnerException ?? why).GetType().Name}); the text is whole. The server's log says more.")
    {
        At = ending.At,
        Replaced = ending.Replaced,
    };
}
