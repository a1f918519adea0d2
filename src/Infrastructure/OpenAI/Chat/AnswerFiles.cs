using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.OpenAI;

/// <summary>Files of an answer, as a chat client tells them.</summary>
internal static class AnswerFiles
{
    private const string AnyType = "application/octet-stream";

    /// <param name="text">In base64; what is none is the file's text.</param>
    /// <returns>Null: nothing of it was kept, which is said by itself.</returns>
    public static AIContent? Of(ChatPart part, string text)
    {
        if (PartDetail.Json(part.Detail)?["url"]?.GetValue<string>() is { } url)
        {
            return GivenAddress.Of(url) is { } address
                ? Typed(part.MediaType, type => new UriContent(address, type))
                : new ErrorContent(PartLimits.TooLongWords) { ErrorCode = PartLimits.LeftOutCode };
        }

        if (part.Encoding is null && text.Length == 0) return null;
        var bytes = BytesOf(text);
        return Typed(part.MediaType, type => new DataContent(bytes, type) { Name = part.Name });
    }

    private static byte[] BytesOf(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return Encoding.UTF8.GetBytes(text);
        }
    }

    /// <summary>What a provider calls a media type may be none.</summary>
    private static AIContent Typed(string? mediaType, Func<string, AIContent> make)
    {
        try
        {
            return make(mediaType ?? AnyType);
        }
        catch (ArgumentException)
        {
            return make(AnyType);
        }
    }
}
