using System.Globalization;
using System.Text;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Histories;

/// <summary>What an event says, in one line for a person. Stored text in it is as it is: the code that shows it makes
/// it harmless.</summary>
internal static class EventDetail
{
    /// <summary>UTF-16 code units of a text that are shown; the whole of it is elsewhere.</summary>
    private const int ExcerptChars = 60;

    /// <summary>Of a message or a reason.</summary>
    private const int MessageChars = 500;

    /// <summary>What a name may have besides letters and digits and still not be taken for what stands around
    /// it.</summary>
    private const string PlainSigns = "._~:/;=+@-()<>!?#%&* ";

    public static string Of(StreamEvent @event) => Joined(
        Fields(@event), @event is Ending { Replaced: { } replaced } ? Invariant($"{replaced} replaced by U+FFFD") : null);

    private static string Fields(StreamEvent @event) => @event switch
    {
        StreamCreated e => Joined(
            $"source {Name(e.Source)}",
            Name(e.ContentType),
            $"idle timeout {Seconds(e.IdleTimeout)}",
            e.Retain is { } retain ? $"kept for {Seconds(retain)}" : null,
            e.MaxDuration is { } most ? $"longest duration {Seconds(most)}" : null,
            e.OnDisconnect is OnDisconnect.Cancel ? "cancelled when its driver leaves" : null,
            e.Labels.Count > 0 ? "labels " + string.Join(' ', e.Labels.Select(label => $"{Word(label.Key)}:{Word(label.Value)}")) : null,
            e.Input is { } input ? "input " + Excerpt(input) : null),
        StreamStarted e => Joined(
            $"driven by {Name(e.Driver.Node)}, run {Name(e.Driver.Run)}",
            $"source {Name(e.Source)}",
            e.Provider is { } provider ? $"provider {Name(provider)}" : null,
            e.Model is { } model ? $"model {Name(model)}" : null,
            $"engine {Name(e.Engine)}"),
        ChunkPersisted e => Joined(
            Invariant($"#{e.Index}"), Invariant($"{Encoding.UTF8.GetByteCount(e.Text)} bytes at {e.Offset}"), Quoted(e.Text)),
        PartStarted e => Joined(
            Invariant($"part {e.Part}"),
            e.Start.Kind,
            e.Start.Of is { } of ? Invariant($"of {of}") : null,
            e.Start.Name is { } name ? $"name {Name(name)}" : null,
            e.Start.CallId is { } call ? $"call {Name(call)}" : null,
            e.Start.MediaType is { } mediaType ? Name(mediaType) : null,
            e.Start.Encoding.Name(),
            e.Start.Detail is { } detail ? "detail " + Excerpt(detail) : null),
        PartPersisted e => Joined(
            Invariant($"part {e.Part} #{e.Index}"), Invariant($"{Encoding.UTF8.GetByteCount(e.Text)} bytes at {e.Offset}"), Quoted(e.Text)),
        PartEnded e => Joined(
            Invariant($"part {e.Part}"),
            Invariant($"{e.Length} bytes"),
            e.End.Error is { } error ? $"failed: {Quoted(error, MessageChars)}" : null,
            e.End.Detail is { } detail ? "detail " + Excerpt(detail) : null),
        StreamCompleted e => Joined(
            Extent(e),
            e.FinishReason is { } reason ? $"finish reason {Name(reason)}" : null,
            e.Usage is { } usage ? "usage " + Excerpt(usage) : null),
        StreamFailed e => Joined($"{Name(e.Code)}: {Quoted(e.Message, MessageChars)}", Extent(e)),
        StreamCancelled e => Joined(
            $"by {Name(e.By)}",
            e.Reason is { } reason ? $"reason {Quoted(reason, MessageChars)}" : null,
            $"asked for at {TimeArgument.Show(e.RequestedAt)}",
            Extent(e)),
        StreamTimedOut e => Joined(
            $"nothing for {Seconds(e.IdleFor)}",
            $"last activity {TimeArgument.Show(e.LastActivityAt)}",
            e.MaxDuration is { } most ? $"longest duration {Seconds(most)}" : null,
            Extent(e)),
        StreamDeleted e => Joined(
            $"by {Name(e.By)}", e.Reason is { } reason ? $"reason {Quoted(reason, MessageChars)}" : null, $"was {e.StatusBefore.Name()}", Extent(e.Length, e.Chunks)),
        StreamNote => "",
        _ => throw new ArgumentException($"{@event.GetType().Name} is no event of a stream.", nameof(@event)),
    };

    /// <summary>In seconds, to the millisecond, without zeros at the end.</summary>
    public static string Seconds(TimeSpan time) => Invariant($"{time.TotalSeconds:0.###} s");

    /// <summary>How much parts there are beside the body.</summary>
    public static string Parts(int parts, long bytes) => Invariant($"{parts} {(parts == 1 ? "part" : "parts")} of {bytes} bytes");

    private static string Extent(Ending e) => Extent(e.Length, e.Chunks) + (e.Parts == 0 ? "" : ", " + Parts(e.Parts, e.PartBytes));

    public static string Extent(long length, int chunks) => Invariant($"{length} bytes in {chunks} {(chunks == 1 ? "chunk" : "chunks")}");

    /// <summary>Text in quotation marks, so that nothing in it can be taken for what stands around it: such marks and
    /// backslashes in it have a backslash before them.</summary>
    public static string Quoted(string text, int chars = ExcerptChars)
    {
        var cut = Cut(text, chars);
        var quoted = cut.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("“", "\\“", StringComparison.Ordinal).Replace("”", "\\”", StringComparison.Ordinal);
        return $"“{quoted}”{(cut.Length < text.Length ? "…" : "")}";
    }

    /// <summary>A name as it is; in quotation marks where it could be taken for something else.</summary>
    public static string Name(string text) =>
        text.Length is > 0 and <= ExcerptChars && text.Trim().Length == text.Length && text.All(c => char.IsLetterOrDigit(c) || PlainSigns.Contains(c))
            ? text
            : Quoted(text);

    /// <summary>Never cut inside a code point.</summary>
    public static string Excerpt(string text, int chars = ExcerptChars)
    {
        var cut = Cut(text, chars);
        return cut.Length == text.Length ? text : cut + "…";
    }

    private static string Word(string text) => text.Contains(' ') || text.Contains(':') ? Quoted(text) : Name(text);

    private static string Cut(string text, int chars) =>
        text.Length <= chars ? text : text[..(char.IsHighSurrogate(text[chars - 1]) ? chars - 1 : chars)];

    private static string Joined(params string?[] parts) => string.Join(", ", parts.Where(part => part is not null));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
