namespace EventSourcedStreams.OpenAI;

/// <summary>What a reader of an answer gives out, in order; <see cref="End"/> comes last, or an exception in its
/// place.</summary>
internal abstract record ChatUpdate
{
    private ChatUpdate() { }

    /// <summary>More text. Never empty; may begin or end with half of a surrogate pair.</summary>
    public sealed record Text(string Value) : ChatUpdate;

    /// <summary>The provider is alive.</summary>
    /// <param name="IsToken">A model has made something that is no text: reasoning, a tool call.</param>
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
