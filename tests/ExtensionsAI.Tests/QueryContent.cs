using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>What was written, in the shape of a query's content, with what only providers read, and the bytes of files.</summary>
internal static class QueryContent
{
    public static JsonArray Of(RecordingAppender output)
    {
        var (content, at, bytes) = (new JsonArray(), 0, 0L);
        foreach (var part in output.Parts)
        {
            AddText(part.Body);
            content.Add((JsonNode)Item(part));
        }

        AddText(output.Text.Length);
        return content;

        void AddText(int until)
        {
            if (until == at) return;
            var text = output.Text[at..until];
            content.Add((JsonNode)new JsonObject { ["kind"] = "text", ["text"] = text, ["offset"] = bytes });
            bytes += System.Text.Encoding.UTF8.GetByteCount(text);
            at = until;
        }
    }

    private static JsonObject Item(RecordedPart part)
    {
        var item = new JsonObject { ["part"] = part.Number, ["kind"] = part.Start.Kind, ["state"] = part.End is null ? "cut" : part.End.Error is null ? "done" : "failed" };
        if (part.Start.Of is { } of) item["of"] = of;
        if (part.Start.Name is { } name) item["name"] = name;
        if (part.Start.CallId is { } id) item["callId"] = id;
        if (part.Start.MediaType is { } type) item["mediaType"] = type;
        if (part.End?.Error is { } error) item["error"] = error;
        if (part.Start.Encoding == PartEncoding.Json && TryParse(part.Text, out var value)) item["value"] = value;
        else if (part.Text.Length > 0) item["text"] = part.Text;
        if ((part.Start.Detail ?? part.End?.Detail) is not null)
        {
            var detail = part.Start.Detail is { } start ? JsonNode.Parse(start)!.AsObject() : [];
            foreach (var (key, more) in part.End?.Detail is { } end ? JsonNode.Parse(end)!.AsObject() : []) detail[key] = more?.DeepClone();
            item["detail"] = detail;
        }

        return item;
    }

    private static bool TryParse(string text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
