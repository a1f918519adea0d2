using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One part of an answer, as it is read from the log.</summary>
/// <param name="told">UTF-8 bytes of its text that the reader has been told before; null: it has been told all of
/// it.</param>
internal sealed class LoggedPart(int number, PartStart start, long? told)
{
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
        var item = new JsonObject { ["part"] = number, ["kind"] = start.Kind };
        if (start.Of is { } of) item["of"] = of;
        if (start.Name is { } name) item["name"] = name;
        if (start.CallId is { } id) item["callId"] = id;
        if (start.MediaType is { } type) item["mediaType"] = type;
        if (end.Error is { } error) item["error"] = error;
        var detail = new JsonObject();
        foreach (var given in (string?[])[start.Detail, end.Detail])
            foreach (var (member, value) in given is null ? [] : JsonNode.Parse(given)!.AsObject()) detail[member] = value?.DeepClone();
        if (detail.Count > 0) item["detail"] = detail;
        if (start.Encoding == PartEncoding.Json && Value() is { } parsed) item["value"] = parsed;
        else if (text.Length > 0) item["text"] = text.ToString();
        return new InputPart(new InputValue(JsonSerializer.SerializeToElement(item), $"part {number}"));
    }

    private JsonNode? Value()
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text.ToString(), documentOptions: new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
