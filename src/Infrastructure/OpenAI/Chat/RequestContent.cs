using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>What a person or a tool says, in a request.</summary>
internal static class RequestContent
{
    /// <summary>Text alone is a string; else it is a list of parts.</summary>
    public static JsonNode Of(IReadOnlyList<AIContent> contents) =>
        contents.All(content => content is TextContent)
            ? string.Concat(contents.OfType<TextContent>().Select(text => text.Text))
            : new JsonArray([.. contents.Select(PartOf).OfType<JsonObject>().Select(JsonNode (part) => part)]);

    public static string ResultOf(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => JsonSerializer.Serialize(result, CompactJson.Options.GetTypeInfo(result.GetType())),
    };

    private static JsonObject? PartOf(AIContent content) => content switch
    {
        TextContent text => new JsonObject { ["type"] = "text", ["text"] = text.Text },
        DataContent data when data.HasTopLevelMediaType("image") => Image(data.Uri),
        DataContent data when data.HasTopLevelMediaType("audio") => new JsonObject
        {
            ["type"] = "input_audio",
            ["input_audio"] = new JsonObject { ["data"] = data.Base64Data.ToString(), ["format"] = data.MediaType.EndsWith("wav", StringComparison.Ordinal) ? "wav" : "mp3" },
        },
        DataContent data => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = data.Name ?? "file", ["file_data"] = data.Uri } },
        UriContent uri when uri.HasTopLevelMediaType("image") => Image(uri.Uri.ToString()),
        UriContent uri => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["file_data"] = uri.Uri.ToString() } },
        HostedFileContent file => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["file_id"] = file.FileId } },
        _ => null,
    };

    private static JsonObject Image(string url) => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } };
}
