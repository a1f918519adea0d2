using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>Files of an answer, as a chat client tells them.</summary>
internal static class AnswerFiles
{
    private const string AnyType = "application/octet-stream";

    /// <summary>Null: what was sent is no file after all.</summary>
    public static AIContent? Of(ChatPart part, string base64)
    {
        if (PartDetail.Json(part.Detail)?["url"]?.GetValue<string>() is { } url)
            return Uri.TryCreate(url, UriKind.Absolute, out var address) ? new UriContent(address, part.MediaType ?? AnyType) : null;
        try
        {
            return new DataContent(Convert.FromBase64String(base64), part.MediaType ?? AnyType) { Name = part.Name };
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
