using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>How a chat client's answers are kept as text streams.</summary>
public sealed class TextStreamsChatClientOptions
{
    /// <summary>The fewest bytes of a <see cref="TokenKey"/>.</summary>
    private const int LeastKeyBytes = 16;

    /// <summary>What streams name as their source, at most 64 characters. A continuation token is honoured only by
    /// clients with the same: two clients of one app that answer differently have two. Default:
    /// <c>chat-client</c>.</summary>
    public string Source { get; set; } = "chat-client";

    /// <summary>
    /// The owner of an answer, from the options of its call: a user's name that stays the user's, at most 256
    /// characters. A token of another owner is not honoured. Null or empty from it: the call is refused. Null: answers
    /// have no owners.
    /// </summary>
    public Func<ChatOptions?, string?>? Owner { get; set; }

    /// <summary>The label of a stream that holds its owner, as <c>OwnedBy</c> has it. Default: <c>user</c>.</summary>
    public string OwnerLabel { get; set; } = "user";

    /// <summary>
    /// Signs continuation tokens (HMAC-SHA-256), at least 16 bytes: one that was not written with it is refused. The
    /// same on every node. Null: of a token only its structure, its source and its owner are checked.
    /// </summary>
    public byte[]? TokenKey { get; set; }

    /// <summary>After how long a silence an answer ends as <c>timeout</c>, 5 s to 1 day; a function that runs is none.
    /// Null: as configured for all streams.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>How long an answer may take in all, 1 s to 1 day; null: as long as it shows life.</summary>
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>How long after its end an answer's stream is deleted; null: as configured for all streams.</summary>
    public TimeSpan? Retain { get; set; }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal TextStreamsChatClientOptions Checked()
    {
        if (Source is not { Length: >= 1 and <= 64 }) throw new ArgumentException("Source is 1 to 64 characters.");
        if (!Domain.CreationLimits.IsLabelName(OwnerLabel ?? "")) throw new ArgumentException("OwnerLabel is 1 to 64 characters, without ':'.");
        if (TokenKey is { Length: < LeastKeyBytes }) throw new ArgumentException($"TokenKey is at least {LeastKeyBytes} bytes.");
        Check(nameof(IdleTimeout), IdleTimeout, Domain.CreationLimits.LeastIdleSeconds, Domain.CreationLimits.MostIdleSeconds);
        Check(nameof(MaxDuration), MaxDuration, Domain.CreationLimits.LeastDurationSeconds, Domain.CreationLimits.MostDurationSeconds);
        Check(nameof(Retain), Retain, 0, Domain.CreationLimits.MostRetainSeconds);
        return this;
    }

    private static void Check(string name, TimeSpan? given, long least, long most)
    {
        if (given is { } span && (span.TotalSeconds < least || span.TotalSeconds > most || span.Ticks % TimeSpan.TicksPerSecond != 0))
            throw new ArgumentException($"{name} is {least} to {most} whole seconds, not {span}.");
    }
}
