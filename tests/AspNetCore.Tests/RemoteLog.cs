using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>On EventStoreDB, over the network, with a prefix that no other test has. What passes there passes by the
/// real clock.</summary>
public sealed class RemoteLog(StoreUnderTest store) : ITestLog
{
    private readonly StreamPrefix prefix = StreamPrefix.Parse($"t{Guid.NewGuid():N}-");

    StreamPrefix ITestLog.Prefix => prefix;

    async Task<IEventStore> ITestLog.OpenAsync(TimeProvider time) => await store.OpenAsync(prefix);

    public Dictionary<string, string?> SettingsFor(string folder) => new()
    {
        ["EventStore:ConnectionString"] = store.ConnectionString,
        ["EventStore:CachePath"] = folder,
        ["Streams:Prefix"] = prefix.Texts,
    };
}
