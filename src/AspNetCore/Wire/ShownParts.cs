using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Which parts of one stream are shown to one client. What only the provider can read never is; of the rest the app may
/// hide some. What belongs to a hidden part is hidden with it: a tool's result with its call.
/// </summary>
/// <param name="show">The app's own word; null: all.</param>
internal sealed class ShownParts(Func<StreamPart, bool>? show)
{
    private readonly Dictionary<int, bool> known = [];

    /// <summary>Whether clients differ in what they are shown.</summary>
    public bool IsFiltered => show is not null;

    /// <summary>Whether a part may be sent; null: its start has not been seen.</summary>
    public bool? Find(int part) => known.TryGetValue(part, out var isShown) ? isShown : null;

    /// <summary>Sees the start of a part. What it belongs to has to be known.</summary>
    /// <returns>Whether it may be sent.</returns>
    public bool Sees(int part, PartStart start)
    {
        if (known.TryGetValue(part, out var before)) return before;
        var isShown = start.Kind != PartKinds.Opaque
            && (start.Of is not { } of || known.GetValueOrDefault(of))
            && (show is null || show(new StreamPart(part, start)));
        known.Add(part, isShown);
        return isShown;
    }

    /// <summary>Whether an event may be sent.</summary>
    /// <exception cref="InvalidOperationException">It is of a part whose start has not been seen.</exception>
    public bool Shows(SentEvent next)
    {
        if (next.Part is not { } part) return true;
        if (next.Name.SequenceEqual(PartFrames.StartName)) return Sees(part, StartOf(next.Data));
        return Find(part) ?? throw new InvalidOperationException($"The start of part {part} has not been seen.");
    }

    /// <summary>The first part that some events speak of and whose start has not been seen and is not among them;
    /// null: there is none.</summary>
    public int? Unknown(ReadOnlySpan<byte> events)
    {
        HashSet<int>? begun = null;
        while (SentEvent.TryTake(ref events, out var next))
        {
            if (next.Part is not { } part) continue;
            if (next.Name.SequenceEqual(PartFrames.StartName))
            {
                if (StartOf(next.Data).Of is { } of && IsUnknown(of)) return of;
                (begun ??= []).Add(part);
            }
            else if (IsUnknown(part)) return part;
        }

        return null;

        bool IsUnknown(int part) => !known.ContainsKey(part) && begun?.Contains(part) is not true;
    }

    private static PartStart StartOf(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = KeptJson.MaxDepth });
        using var document = JsonDocument.ParseValue(ref json);
        var start = document.RootElement;
        return new PartStart(start.GetProperty("kind").GetString()!)
        {
            Of = start.TryGetProperty("of", out var of) ? of.GetInt32() : null,
            Name = Text("name"),
            CallId = Text("callId"),
            MediaType = Text("mediaType"),
            Encoding = PartEncodingNames.Parse(Text("encoding")) ?? PartEncoding.Plain,
            Detail = start.TryGetProperty("detail", out var detail) ? detail.GetRawText() : null,
        };

        string? Text(string name) => start.TryGetProperty(name, out var text) ? text.GetString() : null;
    }
}
