using System.Text;

namespace EventSourcedStreams.OpenAI;

/// <summary>Hands an answer's parts to the stream. A part for which the stream has no room any more is left out, and the
/// answer goes on.</summary>
internal sealed class PartWriter(IAppender output)
{
    private const int MaxNameBytes = 256;
    private const int MaxPieceChars = 64 * 1024;

    private readonly Dictionary<ChatPart, IPartAppender> open = [];
    private readonly Dictionary<ChatPart, int> numbers = [];

    public async ValueTask StartAsync(ChatPart part)
    {
        var (id, isLong) = part.CallId is { } given && Encoding.UTF8.GetByteCount(given) > MaxNameBytes ? (null, true) : (part.CallId, false);
        var start = new PartStart(part.Kind)
        {
            Of = part.Of is { } of && numbers.TryGetValue(of, out var number) ? number : null,
            Name = Cut(part.Name),
            CallId = id,
            MediaType = Cut(part.MediaType),
            Encoding = part.Encoding switch { "json" => PartEncoding.Json, "base64" => PartEncoding.Base64, _ => PartEncoding.Plain },
            Detail = part.Detail,
        };
        try
        {
            var appender = output.StartPart(start);
            open.Add(part, appender);
            if (appender.Number > 0) numbers.Add(part, appender.Number);
        }
        catch (InvalidOperationException)
        {
            return;                                                                      // there are too many parts
        }

        if (isLong) await StartLongIdAsync(part);
    }

    /// <returns>Completes later only while too much is unsaved.</returns>
    public async ValueTask AppendAsync(ChatPart part, string text)
    {
        if (!open.TryGetValue(part, out var appender)) return;
        for (var at = 0; at < text.Length; at += MaxPieceChars)
            await appender.AppendAsync(text.AsSpan(at, Math.Min(MaxPieceChars, text.Length - at)));
    }

    public ValueTask EndAsync(ChatUpdate.PartEnd end) =>
        open.Remove(end.Part, out var appender) ? appender.EndAsync(new PartEnd { Detail = end.Detail, Error = end.Error }) : ValueTask.CompletedTask;

    /// <summary>Some providers put what they want back into a call's id, which is longer than an id may be here.</summary>
    private async ValueTask StartLongIdAsync(ChatPart call)
    {
        var id = new ChatPart("opaque") { Of = call, Encoding = "json" };
        await StartAsync(id);
        if (!open.Remove(id, out var appender)) return;
        await appender.AppendAsync(PartDetail.Of(("id", call.CallId))!);
        await appender.EndAsync();
    }

    private static string? Cut(string? name) => name is null ? null : Domain.TextCut.ToBytes(name, MaxNameBytes);
}
