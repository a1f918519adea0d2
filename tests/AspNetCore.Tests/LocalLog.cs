using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>In the test's memory, or where the ready-made host needs it in its folder.</summary>
public sealed class LocalLog : ITestLog
{
    private InMemoryStore? store;

    StreamPrefix ITestLog.Prefix => StreamPrefix.Default;

    Task<IEventStore> ITestLog.OpenAsync(TimeProvider time) =>
        Task.FromResult<IEventStore>(new InMemoryEventStore(store ??= new InMemoryStore(time)));

    public Dictionary<string, string?> SettingsFor(string folder) => new() { ["Embedded:Path"] = folder };
}
