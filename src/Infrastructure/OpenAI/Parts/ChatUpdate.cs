namespace EventSourcedStreams.OpenAI;

/// <summary>What a reader of an answer gives out, in order; <see cref="End"/> comes last, or an exception in its
/// place.</summary>
internal abstract record ChatUpdate
{
    private ChatUpdate() { }

    /// <summary>More text. Never empty; may begin or end with half of a surrogate pair.</summary>
    public sealed record Text(string Value) : ChatUpdate;

    /// <summary>A part begins.</summary>
    public sealed record PartStart(ChatPart Part) : ChatUpdate;

    /// <summary>More text of a part. Never empty; may begin or end with half of a surrogate pair.</summary>
    public sealed record PartText(ChatPart Part, string Value) : ChatUpdate;

    /// <summary>A part is complete. One that has no end was cut off.</summary>
    /// <param name="Detail">A JSON object.</param>
    /// <param name="Error">It failed: words.</param>
    public sealed record PartEnd(ChatPart Part, string? Detail = null, string? Error = null) : ChatUpdate;

    /// <summary>The provider is alive.</summary>
    /// <param name="IsToken">A model has made something of which nothing is to be shown yet.</param>
    public sealed record Alive(bool IsToken) : ChatUpdate
    {
        public static Alive Heartbeat { get; } = new(false);

        public static Alive Token { get; } = new(true);
    }

    /// <summary>A good end.</summary>
    /// <param name="Reason">As the provider spells it; null where it gave none.</param>
    /// <param name="Usage">The provider's own JSON.</param>
    public sealed record End(string? Reason, string? Usage) : ChatUpdate;
}
