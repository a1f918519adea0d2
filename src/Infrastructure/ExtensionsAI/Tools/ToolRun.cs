namespace EventSourcedStreams.Extensions.AI;

/// <summary>One call of a tool.</summary>
/// <param name="callId">As the provider gave it.</param>
/// <param name="part">The number of the call's part; 0: it was not told.</param>
internal sealed class ToolRun(string? callId, string? name, int part)
{
    public string? CallId => callId;

    public string? Name => name;

    public int Part => part;

    /// <summary>Its function has been invoked.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Its result has been told.</summary>
    public bool HasResult { get; set; }

    /// <summary>The client has given its result.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The result's part; null before it is begun.</summary>
    public IPartAppender? Result { get; set; }
}
