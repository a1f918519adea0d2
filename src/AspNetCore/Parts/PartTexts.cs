using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

internal static class PartTexts
{
    /// <summary>A part's text, a batch at a time.</summary>
    /// <exception cref="LogDamagedException">It is not all there.</exception>
    public static async IAsyncEnumerable<string> TextsAsync(this PartEntry part, PartEvents events, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = part.Length;
        if (left == 0) yield break;
        await foreach (var recorded in events.FromAsync(part.Start, ct))
        {
            if (recorded.Event is not StreamEvent.PartPersisted e || e.Part != part.Number) continue;
            yield return e.Text;
            left -= e.Bytes;
            if (left <= 0) break;
        }

        if (left != 0)
            throw new LogDamagedException(events.Point.Summary.Id.Value, part.Last.Value, $"of part {part.Number} {left} bytes are missing.");
    }
}
