namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>What hears all of the process runs while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
