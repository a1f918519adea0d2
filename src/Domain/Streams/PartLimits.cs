using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>What parts may be, whatever writes them. Bounds include their ends; bytes are UTF-8.</summary>
internal static class PartLimits
{
    public const int Parts = 10_000;

    /// <summary>At one time.</summary>
    public const int OpenParts = 256;

    /// <summary>As stored.</summary>
    public const int DetailBytes = 16 * 1024;

    /// <summary>Levels of a detail, as of a request's body.</summary>
    public const int DetailDepth = 64;

    /// <summary>Cut when the event is built.</summary>
    public const int ErrorBytes = 4 * 1024;

    /// <summary>A name, a call's id or a media type.</summary>
    public const int NameBytes = 256;

    public const int KindChars = 64;

    /// <summary>Of the part, of the kind <c>error</c>, that says that not all of what was said beside the text is
    /// kept.</summary>
    public const string LeftOutCode = "parts-left-out";

    public const string LeftOutDetail = $$"""{"code":"{{LeftOutCode}}"}""";

    /// <summary>The stream has more parts than it may.</summary>
    public static readonly string LeftOutWords =
        $"There is more beside the text than one stream holds ({Parts} parts, {OpenParts} of them open at one time): some of it is left out.";

    /// <summary>Something was longer than its place, or came more often than it may in one answer.</summary>
    public const string TooLongWords = "Not all that came beside the text is kept: an address, an id or a detail was too long, or there was too much of one kind.";

    /// <returns>Why there can be no such part; null: nothing stands against it.</returns>
    /// <param name="started">How many parts were started before it.</param>
    public static string? Fault(PartStart start, int started) =>
        !IsKind(start.Kind) ? $"'{Shown(start.Kind)}' is no kind: a lower-case letter, then at most {KindChars - 1} of a-z, 0-9 and '-'."
        : OfFault(start, started) is { } fault ? fault
        : !Enum.IsDefined(start.Encoding) ? "There is no such encoding."
        : Over("its name", start.Name, NameBytes)
            ?? Over("its call id", start.CallId, NameBytes)
            ?? Over("its media type", start.MediaType, NameBytes)
            ?? DetailFault(start.Detail);

    /// <returns>Why a part cannot belong to the one that it names; null: it can.</returns>
    /// <param name="started">How many parts were started before it.</param>
    public static string? OfFault(PartStart start, int started) => start.Of is { } of && (of < 1 || of > started)
        ? $"It is said to be of part {of}, and {started} were started before it."
        : null;

    /// <returns>Why a part cannot end so; null: it can.</returns>
    public static string? DetailFault(string? detail)
    {
        if (detail is null) return null;
        if (Over("its detail", detail, DetailBytes) is { } over) return over;
        try
        {
            using var json = JsonDocument.Parse(detail, new JsonDocumentOptions { MaxDepth = DetailDepth });
            return json.RootElement.ValueKind is JsonValueKind.Object ? null : "Its detail is no JSON object.";
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return KeptJson.Fault(detail) is "it is not JSON" ? "Its detail is not JSON." : $"Its detail nests deeper than {DetailDepth} levels.";
        }
    }

    public static bool IsKind(string? kind) =>
        kind is { Length: >= 1 and <= KindChars }
        && char.IsAsciiLetterLower(kind[0])
        && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-');

    public static long BytesOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static string Shown(string? kind) => kind is null ? "" : kind.Length > KindChars ? kind[..KindChars] + "…" : kind;

    private static string? Over(string what, string? text, int bytes) =>
        BytesOf(text) is var there && there > bytes ? $"Of {what} there are {there} bytes; at most {bytes} are allowed." : null;
}
