using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>Whether each event of a part fits the part that it names: the fold of all events since the driver's start.
/// After damage it goes on from what is there.</summary>
internal sealed class OpenPartRules
{
    /// <summary>Of a part whose start cannot be read.</summary>
    private static readonly PartStart Unseen = new("unseen");

    private readonly Dictionary<int, OpenPart> open = [];
    private readonly HashSet<int> ended = [];
    private bool isWhole = true;

    /// <returns>Null: the event fits.</returns>
    public (string Expected, string Found)? Check(StreamEvent @event)
    {
        switch (@event)
        {
            case PartStarted e:
                var fault = PartLimits.Fault(e.Start, e.Part - 1)
                    ?? (e.Part > PartLimits.Parts ? $"It is part {e.Part}, and {PartLimits.Parts} are allowed." : null)
                    ?? (open.Count >= PartLimits.OpenParts ? $"{open.Count} parts are open before it, and {PartLimits.OpenParts} are allowed at once." : null);
                open[e.Part] = new OpenPart(e.Start, 0, 0);
                ended.Remove(e.Part);
                return fault is null ? null : ("the start of a part within its limits", fault);

            case PartPersisted e:
                var text = Fault(e);
                open[e.Part] = new OpenPart(
                    open.GetValueOrDefault(e.Part)?.Start ?? Unseen, e.Index + 1, e.Offset + PartLimits.BytesOf(e.Text));
                return text;

            case PartEnded e:
                var end = Fault(e);
                open.Remove(e.Part);
                ended.Add(e.Part);
                return end;

            case StreamStarted or Ending or StreamDeleted:
                open.Clear();
                ended.Clear();
                isWhole = true;
                return null;

            default:
                return null;
        }
    }

    /// <summary>Events before the next one are not known.</summary>
    public void Lose() => isWhole = false;

    private (string, string)? Fault(PartPersisted e)
    {
        if (open.GetValueOrDefault(e.Part) is not { } part) return NotOpen(e.Part, "text");
        if (part.Start.Kind == PartKinds.Text) return ($"no text of part {e.Part}, which marks the body", $"text {e.Index} at offset {e.Offset}");
        return isWhole && !PartRules.Continues(part, e)
            ? ($"text {part.Events} of part {e.Part} at offset {part.Length}", $"text {e.Index} at offset {e.Offset}")
            : null;
    }

    private (string, string)? Fault(PartEnded e)
    {
        if (open.GetValueOrDefault(e.Part) is not { } part) return NotOpen(e.Part, "an end");
        if (isWhole && e.Length != part.Length) return ($"the end of part {e.Part} with {part.Length} bytes", $"one with {e.Length}");
        var fault = PartLimits.DetailFault(e.End.Detail)
            ?? (PartLimits.BytesOf(e.End.Error) > PartLimits.ErrorBytes ? $"Its error is longer than {PartLimits.ErrorBytes} bytes." : null);
        return fault is null ? null : ("the end of a part within its limits", fault);
    }

    /// <summary>Of a part that started where nothing can be read, nothing is known.</summary>
    private (string, string)? NotOpen(int part, string what) =>
        isWhole || ended.Contains(part) ? ($"an event of a part that is open", $"{what} of part {part}, which {(ended.Contains(part) ? "has ended" : "is not open")}") : null;
}
