using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Show;

/// <summary>A stream's events as a table, with a line above that says how it ended.</summary>
internal static class EventTable
{
    private const int MaxRows = 500;
    private const int MaxDamageChars = 500;

    private static readonly string[] Header = ["rev", "time", "gap", "event", "size", "epoch", "actor", "detail"];
    private static readonly HashSet<int> Right = [0, 2, 4, 5];

    public static void Write(AuditConsole console, StreamHistory history)
    {
        console.WriteLine(Headline(history));
        foreach (var rows in ShownEvent.Of(history).Chunk(MaxRows)) console.WriteTable(Header, Right, [.. rows.Select(Cells)]);
        foreach (var damage in history.Damage)
            console.WriteLine($"Damage{(damage.Revision is { } revision ? $" at revision {revision}" : "")}: {damage.What}");
    }

    /// <summary>What the stream is, in one line.</summary>
    public static string Headline(StreamHistory history)
    {
        if (history.IsGone) return Absence.Gone(history.Id, history.Deletion).Message;
        if (history.Body is not { Summary: var s }) return $"{history.Id}: damaged from its beginning on";
        var sound = history.Damage.Count == 0 ? "" : $"damaged behind revision {s.Revision}; up to there ";
        return $"{s.Id}: {sound}{s.Status.Name()}, {EventDetail.Extent(s.Length, s.Chunks)}, "
            + (s.EndedAt is { } ended
                ? $"{EventDetail.Seconds(ended - s.CreatedAt)} from creation to end"
                : $"created at {TimeArgument.Show(s.CreatedAt)}");
    }

    private static string[] Cells(ShownEvent e) =>
    [
        e.Revision.ToString(CultureInfo.InvariantCulture),
        e.At is { } at ? TimeArgument.Show(at) : "",
        e.GapSeconds is { } gap ? gap.ToString("+0.000;-0.000", CultureInfo.InvariantCulture) : "",
        EventDetail.Name(e.Type),
        e.Size.ToString(CultureInfo.InvariantCulture),
        e.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "",
        e.Actor is { } actor ? EventDetail.Name(actor) : "",
        e.Damage is { } damage ? $"DAMAGED: {EventDetail.Excerpt(damage, MaxDamageChars)} {e.Detail}".TrimEnd() : e.Detail ?? "",
    ];
}
