using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>Which EventStoreDB, and how patient with it.</summary>
internal sealed record EventStoreDbOptions
{
    /// <summary><c>esdb://</c>, <c>esdb+discover://</c>, or <c>kurrentdb</c>, <c>kurrent</c>, <c>kdb</c> in place of
    /// <c>esdb</c>, as the clients of EventStoreDB and KurrentDB take it. What it says of <c>nodePreference</c> serves
    /// following; decisions always ask the leader.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Names the <c>log</c> stream that tells this log from another behind the same address.</summary>
    public StreamPrefix Prefix { get; init; } = StreamPrefix.Default;

    /// <summary>How long one try of anything may take. Below the 5 s that the engine waits for an answer, above the 2 s
    /// that the server waits for a commit. Default 4 s.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long what may be repeated is repeated before it is an error. Default 10 s.</summary>
    public TimeSpan RepeatLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server that failed again and again is left alone. Default 1 s.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the right to read everything is looked after: a subscription that has begun goes on without
    /// it, and the next one does not. Default 10 s.</summary>
    public TimeSpan RightsInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Data and metadata of one page of a read; a single larger event is read all the same. Default 2
    /// MiB.</summary>
    public int MaxPageBytes { get; init; } = 2 << 20;

    /// <summary>With which a connection string may begin, before <c>://</c>; in lower case, known in any.</summary>
    public static IReadOnlyList<string> Schemes => ConnectionSettings.Schemes;

    /// <summary>What is wrong with a connection string, without what is secret in it; null: nothing.</summary>
    public static string? ErrorIn(string connectionString) => ConnectionSettings.TryParse(connectionString, out _);
}
