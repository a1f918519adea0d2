using EventSourcedStreams.Infrastructure;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>In the test's memory, or where the ready-made host needs it in its folder.</summary>
public sealed class LocalLog : ITestLog
{
    private InMemoryStore? store;

    public StreamPrefix Prefix => StreamPrefix.Default;

    public Task<IByteLog> OpenAsync(TimeProvider time) =>
        Task.FromResult<IByteLog>(new InMemoryByteLog(store ??= new InMemoryStore(time)));

    public Dictionary<string, string?> SettingsFor(string folder) => new() { ["Embedded:Path"] = folder };
}
