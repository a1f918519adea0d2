using System.CommandLine;
using System.Text.Json.Serialization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Parts;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Replay;

/// <summary><c>audit replay</c>: a stream's text batch by batch, each when it was saved, so as its observers saw
/// it.</summary>
internal static class ReplayCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var stream = new StreamArgument();
        var speed = new Option<string>("--speed") { Description = "As 1x, 10x or 0.5x; max does not wait.", DefaultValueFactory = _ => "1x" };
        var from = new Option<string?>("--from") { Description = "A revision or a time, included." };
        var to = new Option<string?>("--to") { Description = "A revision or a time, included." };
        var parts = new PartsOption();
        var command = new Command("replay", "Show a stream's text again at the pace at which it was saved.") { stream.Argument, speed, from, to, parts.Option };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            shared,
            parsed,
            stream,
            ReplaySpeed.Parse(parsed.GetRequiredValue(speed)),
            ReplaySpan.Parse(parsed.GetValue(from), parsed.GetValue(to)),
            parsed.GetValue(parts.Option),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        AuditContext context,
        SharedOptions shared,
        ParseResult parsed,
        StreamArgument stream,
        ReplaySpeed speed,
        ReplaySpan span,
        bool withParts,
        CancellationToken ct)
    {
        var history = await ReadAsync(context, shared, parsed, stream, ct);
        var events = span.Of(history.Events);
        var clock = new ReplayClock(context.Time, speed, span.OriginOf(events));
        var isJson = shared.WantsJson(parsed);
        var transcript = withParts ? new Transcript(context.Console) : null;
        foreach (var (stored, recorded, _) in events)
        {
            await clock.UntilAsync(recorded!.Event.At, ct);
            if (isJson) context.Console.WriteJson(ReplayedEvent.Of(stored, recorded.Event), ReplayJson.Default.ReplayedEvent);
            else if (transcript is not null) transcript.Write(recorded.Event);
            else if (recorded.Event is ChunkPersisted chunk) context.Console.WriteText(chunk.Text);
            await context.Console.Out.FlushAsync(ct);
        }

        if (isJson) return ExitCode.Ok;
        if (transcript is not null) transcript.EndLine();
        else if (context.Console.IsOutputTerminal) context.Console.WriteLine("");
        if (events.LastOrDefault(e => e.Recorded!.Event is not StreamNote) is { Stored: var last, Recorded.Event: var said }
            && EventKinds.KindOf(last.Type) != EventKind.Content)
            context.Console.Note($"{TimeArgument.Show(said.At)} {last.Type}: {EventDetail.Of(said)}");
        return ExitCode.Ok;
    }

    /// <summary>All of it before the first word is shown: what is damaged is not replayed, and the store is not held
    /// open for an hour.</summary>
    private static async Task<StreamHistory> ReadAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, StreamArgument stream, CancellationToken ct)
    {
        await using var store = await shared.OpenAsync(parsed, context, ct);
        var history = await StreamHistory.ReadAsync(store, await stream.FindAsync(parsed, store, ct), ct);
        history.SoundBody(store.Prefix.Texts);
        return history;
    }
}

/// <summary>One line of <c>replay --json</c>.</summary>
/// <param name="Since">When the first piece of its text came.</param>
/// <param name="Offset">Of its first byte in the text: the body, or of a part its own.</param>
internal sealed record ReplayedEvent(long Revision, DateTime At, string Type, DateTime? Since, long? Offset, string? Text)
{
    /// <summary>Of an event of a part.</summary>
    public int? Part { get; init; }

    /// <summary>Of a part's start; the rest of it is in <c>show --json</c>.</summary>
    public string? Kind { get; init; }

    /// <inheritdoc cref="Kind"/>
    public string? Name { get; init; }

    /// <summary>Of a part's end: it failed.</summary>
    public string? Error { get; init; }

    public static ReplayedEvent Of(StoredEvent stored, StreamEvent @event)
    {
        var (since, offset, text) = @event switch
        {
            ChunkPersisted e => (e.Since, e.Offset, e.Text),
            PartPersisted e => (e.Since, e.Offset, e.Text),
            PartEvent e => (e.Since, null, null),
            _ => ((DateTimeOffset?)null, (long?)null, (string?)null),
        };
        return new(stored.Revision, @event.At.UtcDateTime, stored.Type, since?.UtcDateTime, offset, text)
        {
            Part = (@event as PartEvent)?.Part,
            Kind = (@event as PartStarted)?.Start.Kind,
            Name = (@event as PartStarted)?.Start.Name,
            Error = (@event as PartEnded)?.End.Error,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayedEvent))]
internal sealed partial class ReplayJson : JsonSerializerContext;
