using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// How the bytes of a part are served. A model may name any type: a browser shows pictures, sound and films alone and
/// keeps all else as a file, runs nothing of it, and takes nothing for another type than is said.
/// </summary>
internal static class PartMedia
{
    private const string Text = "text/plain; charset=utf-8";

    /// <summary>Types that a page could load as a part of itself, whatever else is said of them.</summary>
    private static readonly string[] Loaded = ["javascript", "ecmascript", "jscript", "livescript", "css"];

    /// <param name="isText">It is text, whatever its encoding says.</param>
    public static void Describe(HttpResponse response, StreamPart part, bool isText)
    {
        var type = isText && part.Start.Encoding is PartEncoding.Base64 ? Text : TypeOf(part.Start);
        response.ContentType = type;
        var disposition = new ContentDispositionHeaderValue(IsInline(type) ? "inline" : "attachment");
        disposition.SetHttpFileName(FileName(part));
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
    }

    private static string TypeOf(PartStart start)
    {
        var usual = start.Encoding switch
        {
            PartEncoding.Base64 => "application/octet-stream",
            PartEncoding.Json => "application/json",
            _ => Text,
        };
        if (!MediaTypeHeaderValue.TryParse(start.MediaType, out var said) || said.MatchesAllTypes || said.MatchesAllSubTypes) return usual;
        if (Loaded.Any(word => said.SubType.Value!.Contains(word, StringComparison.OrdinalIgnoreCase))) return Text;
        if (said.Type.Value!.ToLowerInvariant() is "multipart" or "message") return "application/octet-stream";
        if (start.Encoding is not PartEncoding.Base64 && said.Type.Equals("text", StringComparison.OrdinalIgnoreCase)) said.Charset = "utf-8";
        return said.ToString();
    }

    private static bool IsInline(string type)
    {
        var parsed = MediaTypeHeaderValue.Parse(type);
        return parsed.Type.Value!.ToLowerInvariant() is "image" or "audio" or "video"
            && !parsed.SubType.Value!.Contains("xml", StringComparison.OrdinalIgnoreCase)
            && !parsed.SubType.Value!.Contains("svg", StringComparison.OrdinalIgnoreCase);
    }

    private static string FileName(StreamPart part)
    {
        var name = part.Start.Name?.Split('/', '\\')[^1] ?? "";
        name = string.Concat(name.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim('.', ' ');
        return name.Length == 0 ? $"part-{part.Number}" : name;
    }
}
