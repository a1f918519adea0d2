namespace EventSourcedStreams.Domain;

/// <param name="Length">UTF-8 bytes of the body that are durable.</param>
internal sealed record DriverSaved(Revision Revision, long Length)
{
    /// <summary>The parts that are open by then, ascending, each with the UTF-8 bytes of it that are durable.</summary>
    public IReadOnlyList<(int Part, long Length)> Parts { get; init; } = [];
}
