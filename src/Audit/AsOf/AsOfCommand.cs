using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Parts;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Audit.Texts;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.AsOf;

/// <summary><c>audit as-of</c>: what the API would have answered then.</summary>
internal static class AsOfCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var at = new Option<string>("--at")
        {
            Description = "A revision, its event included, or a time (to its last digit: show --json has the exact ones).",
            Required = true,
        };
        var parts = new PartsOption();
        var command = new Command("as-of", "Show a stream's status and text as they were at a revision or a time.") { stream.Argument, at, parts.Option };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, shared, parsed, stream, PointInLife.Parse(parsed.GetRequiredValue(at), "--at"), parsed.GetValue(parts.Option), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, PointInLife at, bool withParts, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var id = await stream.FindAsync(parsed, store, ct);
        var content = withParts ? new AnswerContent() : null;
        var body = await store.BodyAsync(id, at, ct, content);
        if (shared.WantsJson(parsed))
        {
            context.Console.WriteJson(StreamText.Of(body, content?.Items), TextJson.Default.StreamText);
            return ExitCode.Ok;
        }

        context.Console.WriteLine(Headline(body.Summary, at));
        context.Console.WriteLine("");
        if (content is not null)
        {
            new Transcript(context.Console).Write(content.Items);
            return ExitCode.Ok;
        }

        var text = body.Text.ToString();
        context.Console.WriteText(text);
        if (!text.EndsWith('\n')) context.Console.WriteLine("");
        return ExitCode.Ok;
    }

    private static string Headline(StreamSummary s, PointInLife at) =>
        $"{s.Id} at {at}: {s.Status.Name()}{(s.Error?.By is { } by ? $" by {by}" : "")}, {EventDetail.Extent(s.Length, s.Chunks)}; "
            + $"its last event then was revision {s.Revision}, its last sign of life came at {TimeArgument.Show(s.LastActivityAt)}";
}
