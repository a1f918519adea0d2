using System.Globalization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How far the list of streams has come, as clients keep it: opaque to them.</summary>
internal static class ListPosition
{
    public static string Text(LogPosition position) => position.Commit == position.Prepare
        ? position.Commit.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{position.Commit}-{position.Prepare}");

    /// <returns>Null: it was not given.</returns>
    public static LogPosition? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var parts = text.Split('-');
        var numbers = parts.Select(part => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ulong?)null).ToArray();
        return numbers switch
        {
            [{ } both] => new LogPosition(both, both),
            [{ } commit, { } prepare] => new LogPosition(commit, prepare),
            _ => throw new RefusedException(Refusals.Invalid("position", "position is that of an earlier list, unchanged.")),
        };
    }
}
