using System.Collections.Immutable;
using System.Diagnostics;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <param name="Events">How many batches of its text there are.</param>
/// <param name="Length">UTF-8 bytes of its text.</param>
internal sealed record OpenPart(PartStart Start, int Events, long Length);

/// <summary>The parts of a stream that have started and not ended: a fold of all its events, or of those from a
/// driver's start on, since that cuts off what was open.</summary>
internal sealed class OpenParts
{
    private readonly ImmutableSortedDictionary<int, OpenPart> parts;

    private OpenParts(ImmutableSortedDictionary<int, OpenPart> parts) => this.parts = parts;

    public static OpenParts None { get; } = new(ImmutableSortedDictionary<int, OpenPart>.Empty);

    public int Count => parts.Count;

    /// <summary>By number, ascending.</summary>
    public IEnumerable<KeyValuePair<int, OpenPart>> All => parts;

    /// <summary>Null: it is not open.</summary>
    public OpenPart? Find(int part) => parts.GetValueOrDefault(part);

    /// <exception cref="UnreachableException">The event cannot follow: the history is damaged.</exception>
    public OpenParts After(StreamEvent @event) => @event switch
    {
        PartStarted e => new(parts.SetItem(e.Part, new OpenPart(e.Start, 0, 0))),
        PartPersisted e when Find(e.Part) is { } open && PartRules.Continues(open, e) =>
            new(parts.SetItem(e.Part, open with { Events = open.Events + 1, Length = open.Length + PartLimits.BytesOf(e.Text) })),
        PartEnded e when Find(e.Part) is { } open && open.Length == e.Length => new(parts.Remove(e.Part)),
        PartPersisted or PartEnded => throw new UnreachableException($"{@event} cannot follow."),
        StreamStarted or Ending or StreamDeleted => None,
        _ => this,
    };
}
