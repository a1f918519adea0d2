using System.Buffers;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One part of an answer, as it is read from the log.</summary>
/// <param name="told">UTF-8 bytes of its text that the reader has been told before; null: it has been told all of
/// it.</param>
internal sealed class LoggedPart(int number, PartStart start, long? told)
{
    private static readonly JsonDocumentOptions ItemOptions = new() { MaxDepth = 2 * KeptJson.MaxDepth };

    private readonly StringBuilder text = new();

    public int Number => number;

    public PartStart Start => start;

    public bool IsTold => told is null;

    /// <summary>UTF-8 bytes of its text.</summary>
    public long Bytes { get; private set; }

    /// <summary>UTF-8 bytes that its reader has been told, or is told next.</summary>
    public long ToldBytes { get; private set; } = told ?? 0;

    /// <returns>What of it the reader has not been told.</returns>
    public string Add(string more)
    {
        text.Append(more);
        var untold = UntoldOf(more, Bytes, ToldBytes);
        Bytes += PartLimits.BytesOf(more);
        return untold;
    }

    /// <summary>Its reader has been told what there is.</summary>
    public void Tell() => ToldBytes = Math.Max(ToldBytes, Bytes);

    /// <param name="offset">UTF-8 bytes before the text.</param>
    public static string UntoldOf(string text, long offset, long told) =>
        told <= offset ? text : told - offset >= text.Length * 3L ? "" : text[TextCut.Chars(text, (int)(told - offset), int.MaxValue)..];

    /// <summary>As a query gives it, with what only providers read, and the bytes of files.</summary>
    public InputPart Ended(PartEnd end)
    {
        var item = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(item))
        {
            json.WriteStartObject();
            json.WriteNumber("part", number);
            json.WriteString("kind", start.Kind);
            if (start.Of is { } of) json.WriteNumber("of", of);
            if (start.Name is { } name) json.WriteString("name", name);
            if (start.CallId is { } id) json.WriteString("callId", id);
            if (start.MediaType is { } type) json.WriteString("mediaType", type);
            if (end.Error is { } error) json.WriteString("error", error);
            WriteDetail(json, end);
            var whole = text.ToString();
            if (start.Encoding == PartEncoding.Json && KeptJson.IsText(whole)) Write(json, "value", whole);
            else if (whole.Length > 0) json.WriteString("text", whole);
            json.WriteEndObject();
        }

        return new InputPart(new InputValue(JsonElement.Parse(item.WrittenSpan, ItemOptions), $"part {number}"));
    }

    /// <summary>Of two members of the same name the one that was said last stands.</summary>
    private void WriteDetail(Utf8JsonWriter json, PartEnd end)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var given in new[] { start.Detail, end.Detail }.OfType<string>().Where(KeptJson.IsText))
        {
            foreach (var member in KeptJson.Parse(given).EnumerateObject()) members[member.Name] = member.Value;
        }

        if (members.Count == 0) return;
        json.WriteStartObject("detail");
        foreach (var (name, value) in members) Write(json, name, value.GetRawText());
        json.WriteEndObject();
    }

    /// <summary>However deep it is.</summary>
    private static void Write(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true);
    }
}
