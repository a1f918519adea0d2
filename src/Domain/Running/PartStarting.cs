namespace EventSourcedStreams.Domain;

/// <summary>Starts parts of which not everything is the source's own choice: what a provider sends may be too long, or
/// too much.</summary>
internal static class PartStarting
{
    private const int MaxPieceChars = 64 * 1024;

    /// <summary>Names are cut; an id that is too long is left out, and so is a detail that can be none. A part for
    /// which the stream has no room is dropped, and its number is 0; the stream says so.</summary>
    public static IPartAppender StartWithinLimits(this IAppender output, PartStart start)
    {
        start = start with
        {
            Of = start.Of is > 0 ? start.Of : null,
            Name = TextCut.ToBytes(start.Name, PartLimits.NameBytes),
            CallId = TextCut.Within(start.CallId, PartLimits.NameBytes),
            MediaType = TextCut.ToBytes(start.MediaType, PartLimits.NameBytes),
            Detail = DetailOf(start.Detail),
        };
        try
        {
            return output is ILimitedAppender limited ? limited.StartOrLeaveOut(start) : output.StartPart(start);
        }
        catch (InvalidOperationException)
        {
            return DroppedPart.Instance;
        }
    }

    /// <summary>A detail that can be none is left out.</summary>
    public static ValueTask EndWithinLimitsAsync(this IPartAppender part, PartEnd end) => part.EndAsync(end with { Detail = DetailOf(end.Detail) });

    /// <summary>A long text goes on in pieces, so that a source waits between them while too much is unsaved.</summary>
    public static async ValueTask AppendInPiecesAsync(this IPartAppender part, string text)
    {
        for (var at = 0; at < text.Length; at += MaxPieceChars)
            await part.AppendAsync(text.AsSpan(at, Math.Min(MaxPieceChars, text.Length - at)));
    }

    private static string? DetailOf(string? detail) => PartLimits.DetailFault(detail) is null ? detail : null;
}
