using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>The log that the servers of one test are on; no other test sees what is in it.</summary>
public interface ITestLog
{
    internal StreamPrefix Prefix { get; }

    /// <summary>For a server that the test puts together, which disposes of it; each server opens its own.</summary>
    /// <param name="time">The server's clock, for a log that is in its process.</param>
    internal Task<IEventStore> OpenAsync(TimeProvider time);

    /// <summary>For the ready-made host.</summary>
    /// <param name="folder">Where it keeps what it has on this machine.</param>
    Dictionary<string, string?> SettingsFor(string folder);
}
