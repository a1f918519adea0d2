namespace EventSourcedStreams.OpenAI;

/// <summary>One thing that a message says beside its text.</summary>
internal abstract record ChatSaid
{
    private ChatSaid() { }

    /// <summary>How many characters of the same message's text stand before it.</summary>
    public int At { get; init; }

    /// <param name="Text">Never empty.</param>
    public sealed record Reasoning(string Text) : ChatSaid;

    /// <summary>What only the provider reads: signatures, encrypted reasoning.</summary>
    /// <param name="Json">An object of the members that the provider wants back, named as it named them.</param>
    /// <param name="IsSignature">It vouches for the thought before it; false: it stands by itself.</param>
    public sealed record Opaque(string Json, bool IsSignature = false) : ChatSaid;

    /// <summary>A call of a tool, or a piece of one.</summary>
    /// <param name="Index">As the provider counts; null where it does not. Not to be relied on.</param>
    /// <param name="Place">Its place in a list of more than one; null where it stands by itself.</param>
    /// <param name="Arguments">JSON, or a piece of it; null where it says none.</param>
    /// <param name="IsText">The arguments are a text that is no JSON.</param>
    /// <param name="IsProviders">The provider runs the tool itself.</param>
    /// <param name="Extra">As <see cref="Opaque.Json"/>.</param>
    public sealed record ToolCall(
        int? Index, int? Place, string? Id, string? Name, string? Arguments, bool IsText = false, bool IsProviders = false, string? Extra = null)
        : ChatSaid;

    /// <summary>What a tool that the provider ran gave.</summary>
    /// <param name="CallId">Null where the provider tells the call by <paramref name="Index"/>.</param>
    /// <param name="Json">Null where <paramref name="Text"/> is the result.</param>
    public sealed record ToolResult(int? Index, string? CallId, string? Json, string? Text, bool IsFailure = false) : ChatSaid;

    /// <summary>A picture, a document, …, whole: bytes or an address.</summary>
    /// <param name="Base64">Null where <paramref name="Url"/> is given.</param>
    public sealed record File(string? MediaType, string? Name, string? Base64, string? Url) : ChatSaid;

    /// <summary>A piece of sound.</summary>
    /// <param name="Base64">By itself, or cut from a longer one anywhere.</param>
    public sealed record Sound(string Base64) : ChatSaid;

    /// <summary>Where something in the text is from.</summary>
    /// <param name="From">Where in the answer's text it begins, in code points; null where it does not say.</param>
    public sealed record Source(string? Url, string? FileId, string? Title, string? Quote, int? From, int? To) : ChatSaid;

    /// <summary>It went wrong, and the answer goes on.</summary>
    public sealed record Problem(string? Code, string Words) : ChatSaid;
}
