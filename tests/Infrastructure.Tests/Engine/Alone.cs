namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>What memory a test takes can be measured only while no other runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
