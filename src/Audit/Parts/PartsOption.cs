using System.CommandLine;

namespace EventSourcedStreams.Audit.Parts;

/// <summary><c>--parts</c>: what a stream has beside its body is shown too.</summary>
internal sealed class PartsOption
{
    public Option<bool> Option { get; } = new("--parts")
    {
        Description = "With the parts in their places: reasoning, calls of tools and their results, files, sources, and what only the provider reads.",
    };
}
