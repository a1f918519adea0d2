using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>An answer in the shape of a query's content, with what only providers read, and the bytes of
/// files.</summary>
internal static class QueryContent
{
    public static JsonArray Of(RecordingAppender output)
    {
        var content = new AnswerContent();
        var at = 0;
        foreach (var part in output.Parts)
        {
            if (part.Body > at) content.AddBody(output.Text[at..part.Body]);
            at = part.Body;
            content.Start(part.Number, part.Start);
            if (part.Text.Length > 0) content.AddText(part.Number, part.Text);
            if (part.End is { } end) content.End(part.Number, end);
        }

        if (output.Text.Length > at) content.AddBody(output.Text[at..]);
        content.CutOff();
        return Of(content.Items);
    }

    public static JsonArray Of(IReadOnlyList<ContentItem> items) => new([.. items.Select(JsonNode (item) => item switch
    {
        ContentItem.Body body => new JsonObject { ["kind"] = "text", ["text"] = body.Text, ["offset"] = body.Offset },
        ContentItem.Part part => Item(part),
        _ => throw new System.Diagnostics.UnreachableException(),
    })]);

    private static JsonObject Item(ContentItem.Part part)
    {
        var item = new JsonObject { ["part"] = part.Number, ["kind"] = part.Start.Kind, ["state"] = part.State.Name() };
        if (part.Start.Of is { } of) item["of"] = of;
        if (part.Start.Name is { } name) item["name"] = name;
        if (part.Start.CallId is { } id) item["callId"] = id;
        if (part.Start.MediaType is { } type) item["mediaType"] = type;
        if (part.Start.Encoding.Name() is { } encoding) item["encoding"] = encoding;
        if (part.End?.Error is { } error) item["error"] = error;
        if (part.Start.Encoding == PartEncoding.Json && TryParse(part.Text, out var value)) item["value"] = value;
        else if (part.Text.Length > 0) item["text"] = part.Text;
        if ((part.Start.Detail ?? part.End?.Detail) is null) return item;
        var detail = part.Start.Detail is { } start ? JsonNode.Parse(start)!.AsObject() : [];
        foreach (var (key, more) in part.End?.Detail is { } end ? JsonNode.Parse(end)!.AsObject() : []) detail[key] = more?.DeepClone();
        item["detail"] = detail;
        return item;
    }

    private static bool TryParse(string text, out JsonNode? value)
    {
        value = null;
        try
        {
            value = JsonNode.Parse(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
