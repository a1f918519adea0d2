using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Hands an answer's parts to the stream. A part for which the stream has no room any more is left out, and
/// the answer goes on.</summary>
internal sealed class PartWriter(IAppender output)
{
    private readonly Dictionary<ChatPart, IPartAppender> open = [];
    private readonly Dictionary<ChatPart, int> numbers = [];

    public async ValueTask StartAsync(ChatPart part)
    {
        var appender = output.StartWithinLimits(new PartStart(part.Kind)
        {
            Of = part.Of is { } of && numbers.TryGetValue(of, out var number) ? number : null,
            Name = part.Name,
            CallId = part.CallId,
            MediaType = part.MediaType,
            Encoding = part.Encoding switch { "json" => PartEncoding.Json, "base64" => PartEncoding.Base64, _ => PartEncoding.Plain },
            Detail = part.Detail,
        });
        open.Add(part, appender);
        numbers.Add(part, appender.Number);
        if (part.CallId is { } id && Encoding.UTF8.GetByteCount(id) > PartLimits.NameBytes && appender.Number > 0) await StartLongIdAsync(appender.Number, id);
    }

    /// <returns>Completes later only while too much is unsaved.</returns>
    public ValueTask AppendAsync(ChatPart part, string text) => open[part].AppendInPiecesAsync(text);

    public ValueTask EndAsync(ChatUpdate.PartEnd end) =>
        open.Remove(end.Part, out var appender)
            ? appender.EndWithinLimitsAsync(new PartEnd { Detail = end.Detail, Error = end.Error })
            : ValueTask.CompletedTask;

    /// <summary>Some providers put what they want back into a call's id, which is longer than an id may be
    /// here.</summary>
    private async ValueTask StartLongIdAsync(int call, string id)
    {
        var opaque = output.StartWithinLimits(new PartStart(PartKinds.Opaque) { Of = call, Encoding = PartEncoding.Json });
        await opaque.AppendInPiecesAsync(PartDetailJson.Of(("id", id))!);
        await opaque.EndAsync();
    }
}
