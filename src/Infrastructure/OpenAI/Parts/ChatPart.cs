namespace EventSourcedStreams.OpenAI;

/// <summary>Something that an answer says beside its text; its name for all updates that belong to it.</summary>
/// <param name="kind">As in the stored events, as <c>tool-call</c>.</param>
internal sealed class ChatPart(string kind)
{
    public string Kind => kind;

    /// <summary>The part that this one belongs to.</summary>
    public ChatPart? Of { get; init; }

    public string? Name { get; init; }

    /// <summary>As it came; null where the provider gave none.</summary>
    public string? CallId { get; init; }

    public string? MediaType { get; init; }

    /// <summary><c>json</c>, <c>base64</c>; null: plain.</summary>
    public string? Encoding { get; init; }

    /// <summary>A JSON object; null: nothing more is to be said of it.</summary>
    public string? Detail { get; init; }

    public override string ToString() => $"{kind} {Name} {CallId}";
}
