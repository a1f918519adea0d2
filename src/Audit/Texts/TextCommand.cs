using System.CommandLine;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Parts;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Texts;

/// <summary><c>audit text</c>: a stream's text, to the byte; nothing of it where any event of the stream is
/// damaged.</summary>
internal static class TextCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var parts = new PartsOption();
        var part = new Option<int?>("--part") { Description = "Write this part's bytes instead, to the byte in a file or a pipe; of a base64 one what it stands for." };
        var command = new Command("text", "Write a stream's text, to the byte in a file or a pipe.") { stream.Argument, parts.Option, part };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, stream, parsed.GetValue(parts.Option), parsed.GetValue(part), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, bool withParts, int? part, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await stream.FindAsync(parsed, store, ct);
        var history = await StreamHistory.ReadAsync(store, id, ct);
        var body = history.SoundBody(store.Prefix.Texts);
        if (part is { } number)
        {
            await PartBytes.WriteAsync(context.Console, history, number, ct);
            return ExitCode.Ok;
        }

        if (shared.WantsJson(parsed))
        {
            context.Console.WriteJson(StreamText.Of(body, withParts ? history.Content() : null), TextJson.Default.StreamText);
            return ExitCode.Ok;
        }

        if (withParts)
        {
            new Transcript(context.Console).Write(history.Content());
            return ExitCode.Ok;
        }

        var text = body.Text.ToString();
        context.Console.WriteText(text);
        if (context.Console.IsOutputTerminal && !text.EndsWith('\n')) context.Console.WriteLine("");
        if (body.Summary.EndedAt is null)
            context.Console.Note($"The stream is {body.Summary.Status.Name()}: this is its text up to revision {body.Revision}.");
        return ExitCode.Ok;
    }
}

/// <summary>A stream with its text, as <c>text --json</c> and <c>as-of --json</c> write it: the names are the
/// API's.</summary>
/// <param name="Revision">The last event that is in it.</param>
/// <param name="Length">UTF-8 bytes.</param>
internal sealed record StreamText(
    string Id,
    string Status,
    long Revision,
    long Length,
    int Chunks,
    string Source,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime LastActivityAt,
    DateTime? EndedAt,
    StreamFailure? Error,
    string? FinishReason,
    string Text)
{
    /// <summary>How many parts were started; left out where there are none.</summary>
    public int? Parts { get; init; }

    /// <summary>UTF-8 bytes of the parts' texts and details.</summary>
    public long? PartBytes { get; init; }

    /// <summary>The answer in order, with <c>--parts</c>.</summary>
    public IReadOnlyList<ShownContent>? Content { get; init; }

    /// <param name="content">Null: it was not asked for.</param>
    public static StreamText Of(StreamBody body, IReadOnlyList<ContentItem>? content) => new(
        body.Summary.Id.Value,
        body.Summary.Status.Name(),
        body.Revision.Value,
        body.Summary.Length,
        body.Summary.Chunks,
        body.Summary.Source,
        body.Summary.CreatedAt.UtcDateTime,
        body.Summary.StartedAt?.UtcDateTime,
        body.Summary.LastActivityAt.UtcDateTime,
        body.Summary.EndedAt?.UtcDateTime,
        body.Summary.Error,
        body.Summary.FinishReason,
        body.Text.ToString())
    {
        Parts = body.Summary.Parts > 0 ? body.Summary.Parts : null,
        PartBytes = body.Summary.Parts > 0 ? body.Summary.PartBytes : null,
        Content = content?.Select(ShownContent.From).ToList(),
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamText))]
internal sealed partial class TextJson : JsonSerializerContext;
