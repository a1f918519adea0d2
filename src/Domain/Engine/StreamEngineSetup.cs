using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>What an engine is put together from. Tests put stores under the log that hold appends back or lose
/// answers.</summary>
internal sealed record StreamEngineSetup
{
    public required StreamLog Log { get; init; }

    public required IStreamCatalog Catalog { get; init; }

    /// <summary>This process: its name, and a run that no process had before.</summary>
    public required NodeRun Node { get; init; }

    /// <summary>No other process writes to the log.</summary>
    public required bool IsExclusive { get; init; }

    /// <summary>Why the store that the log stands on does not answer, in words, as soon as it knows; null, or null from
    /// it: nothing is known.</summary>
    public Func<string?>? StoreProblem { get; init; }

    public required IReadOnlyCollection<ITextSource> Sources { get; init; }

    /// <summary>What is told of every stream that ends; no two of one name.</summary>
    public IReadOnlyCollection<EndedHandler> EndedHandlers { get; init; } = [];

    public StreamEngineOptions Options { get; init; } = new();

    /// <summary>Draws 128 random bits.</summary>
    public required Func<Guid> NewId { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>What it tells of its work; a host has its own.</summary>
    public StreamMetrics Metrics { get; init; } = StreamMetrics.OfProcess;
}
