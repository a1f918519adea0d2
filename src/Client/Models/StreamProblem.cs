namespace EventSourcedStreams.Client;

/// <summary>Why a server refused a request (RFC 9457).</summary>
public sealed record StreamProblem
{
    /// <summary>Stable, as <c>/problems/unknown-stream</c>; tell cases apart by <see cref="Code"/>.</summary>
    public string Type { get; init; } = "about:blank";

    public string Title { get; init; } = "";

    public int Status { get; init; }

    /// <summary>What to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The field, parameter or header at fault.</summary>
    public string? Field { get; init; }

    /// <summary>The stream's status, where that is why.</summary>
    public StreamStatus? StreamStatus { get; init; }

    /// <summary>The last part of <see cref="Type"/>, as <c>unknown-stream</c>.</summary>
    public string Code => Type[(Type.LastIndexOf('/') + 1)..];
}
