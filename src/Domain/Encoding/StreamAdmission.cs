using System.Text;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>What may come into a log from elsewhere (an import, a copy, the served protocol): only what the HTTP API
/// could have written itself. Asked before anything is written; what a log holds already is read whatever it
/// is.</summary>
internal static class StreamAdmission
{
    /// <summary>The most that <c>Streams:MaxLength</c> can be, UTF-8 bytes.</summary>
    private const long MaxLength = 1L << 30;

    /// <returns>Why no stream may be written under this id, with what to do; null where it may.</returns>
    public static string? Fault(StreamId stream) => StreamIdGrammar.Allows(stream.Value)
        ? null
        : $"No request could address it: an id is {StreamIdGrammar.Words}.";

    /// <param name="data">As it is to be stored, like <paramref name="metadata"/>.</param>
    /// <returns>Why the event is none that this program writes to a text, or is over its limits; null where nothing
    /// stands against it. What came before it is not looked at, nor its hash.</returns>
    public static string? Fault(StreamId stream, string type, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> metadata)
    {
        if (Fault(stream) is { } fault) return fault;
        if ((long)data.Length + metadata.Length is > TextLimits.AppendBytes and var bytes)
            return $"It has {bytes} bytes of data and metadata; at most {TextLimits.AppendBytes} are allowed.";
        try
        {
            var (at, context) = EventMetadata.Read(metadata);
            return Fault(context) ?? Fault(stream, JsonFields.Read(data, "data", fields => StreamEventReading.Read(type, fields, at)));
        }
        catch (UndecodableException e)
        {
            return e.Message;
        }
    }

    /// <returns>Why a tombstone's metadata (<see cref="TombstoneMetadata"/>) cannot be; null for none at all.</returns>
    public static string? TombstoneFault(ReadOnlyMemory<byte> metadata) =>
        metadata.IsEmpty ? null
        : metadata.Length > TextLimits.EndingBytes ? $"Its tombstone has {metadata.Length} bytes; at most {TextLimits.EndingBytes} are allowed."
        : TombstoneMetadata.TryRead(metadata) is { } deletion ? Over("the actor", deletion.By, TextLimits.ActorBytes)
        : "Its tombstone does not say who deleted it, when, and where it ended.";

    private static string? Fault(EventContext context) =>
        Over("the actor", context.Actor, TextLimits.ActorBytes)
        ?? Over("the node", context.Node.Node, TextLimits.CodeBytes)
        ?? Over("the run", context.Node.Run, TextLimits.CodeBytes);

    private static string? Fault(StreamId stream, StreamEvent @event) => @event switch
    {
        StreamCreated e => Fault(stream, e),
        StreamStarted e => Over("the provider", e.Provider, TextLimits.CodeBytes) ?? Over("the model", e.Model, TextLimits.CodeBytes),
        ChunkPersisted e => TextFault(e.Text) ?? LengthFault(e.Offset, e.Text),
        PartStarted { Part: > PartLimits.Parts } => $"A stream has at most {PartLimits.Parts} parts.",
        PartStarted e => PartLimits.Fault(e.Start, e.Part - 1),
        PartPersisted e => TextFault(e.Text) ?? LengthFault(e.Offset, e.Text),
        PartEnded e => PartLimits.DetailFault(e.End.Detail) ?? Over("the error", e.End.Error, PartLimits.ErrorBytes),
        StreamCompleted e => Over("the finish reason", e.FinishReason, TextLimits.MessageBytes) ?? Over("the usage", e.Usage, TextLimits.UsageBytes),
        StreamFailed e => Over("the code", e.Code, TextLimits.CodeBytes) ?? Over("the message", e.Message, TextLimits.MessageBytes),
        StreamCancelled e => Over("the actor", e.By, TextLimits.ActorBytes) ?? Over("the reason", e.Reason, TextLimits.MessageBytes),
        StreamDeleted e => Over("the actor", e.By, TextLimits.ActorBytes) ?? Over("the reason", e.Reason, TextLimits.MessageBytes),
        _ => null,
    };

    private static string? Fault(StreamId stream, StreamCreated e)
    {
        if (e.Id != stream) return $"It is the creation of stream {e.Id}.";
        if (e.Labels.Count > CreationLimits.Labels) return $"It has {e.Labels.Count} labels; at most {CreationLimits.Labels} are allowed.";
        foreach (var (name, value) in e.Labels)
        {
            if (!CreationLimits.IsLabelName(name)) return $"A label's name has 1 to {CreationLimits.LabelNameChars} characters, without ':'.";
            if (value.Length > CreationLimits.LabelValueChars) return $"A label's value has at most {CreationLimits.LabelValueChars} characters.";
        }

        return Over("the input", e.Input, TextLimits.InputBytes)
            ?? Outside("idle timeout", e.IdleTimeout, CreationLimits.LeastIdleSeconds, CreationLimits.MostIdleSeconds)
            ?? Outside("retention", e.Retain, 0, CreationLimits.MostRetainSeconds)
            ?? Outside("longest duration", e.MaxDuration, CreationLimits.LeastDurationSeconds, CreationLimits.MostDurationSeconds);
    }

    private static string? TextFault(string text) =>
        text.Length == 0 ? "A chunk has text." : Over("a chunk's text", text, TextLimits.ChunkBytes);

    private static string? LengthFault(long offset, string text) =>
        offset + Encoding.UTF8.GetByteCount(text) > MaxLength ? $"A text has at most {MaxLength} bytes." : null;

    private static string? Over(string what, string? text, int bytes) =>
        text is not null && Encoding.UTF8.GetByteCount(text) is var there && there > bytes ? $"Of {what} there are {there} bytes; at most {bytes} are allowed." : null;

    private static string? Outside(string what, TimeSpan? time, long least, long most) =>
        time is { } given && (given < TimeSpan.FromSeconds(least) || given > TimeSpan.FromSeconds(most))
            ? $"Its {what} is {given.TotalSeconds:0.###} s; {least} to {most} s are allowed."
            : null;
}
