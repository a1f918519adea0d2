namespace EventSourcedStreams.Audit.Copy;

/// <summary>The last line of <c>copy --json</c> and <c>import --json</c>: how many streams had which outcome.</summary>
/// <param name="Written">False where nothing was: a dry run, or an import that was refused.</param>
internal sealed record CopySummary(bool Written, long Streams, long Events, IReadOnlyDictionary<string, long> Outcomes);
