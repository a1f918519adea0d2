using System.CommandLine;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Texts;

/// <summary><c>audit text</c>: a stream's text, to the byte; nothing of it where any event of the stream is
/// damaged.</summary>
internal static class TextCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var command = new Command("text", "Write a stream's text, to the byte in a file or a pipe.") { stream.Argument };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(context, shared, parsed, stream, ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await stream.FindAsync(parsed, store, ct);
        var body = (await StreamHistory.ReadAsync(store, id, ct)).SoundBody(store.Prefix.Texts);
        if (shared.WantsJson(parsed))
        {
            context.Console.WriteJson(StreamText.Of(body), TextJson.Default.StreamText);
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
    public static StreamText Of(StreamBody body) => new(
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
        body.Text.ToString());
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamText))]
internal sealed partial class TextJson : JsonSerializerContext;
