using System.Globalization;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Where an observer goes on: the revision of the last event that it has.</summary>
/// <param name="Field">What gave it, for a refusal.</param>
internal readonly record struct AskedCursor(Revision After, string Field)
{
    /// <summary>The header wins: a browser that reconnects sends it with the address it once began with, old
    /// <c>?after=</c> included.</summary>
    public static AskedCursor Of(string? lastEventId, string? after) =>
        !string.IsNullOrEmpty(lastEventId) ? Parse(lastEventId, "Last-Event-ID")
        : !string.IsNullOrEmpty(after) ? Parse(after, "after")
        : new(Revision.None, "after");

    private static AskedCursor Parse(string text, string field) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision < long.MaxValue
            ? new(Revision.From(revision), field)
            : throw new RefusedException(Refusals.Invalid(field, $"{field} is the revision of an event, as its 'id:' said: a whole number from 0."));
}
