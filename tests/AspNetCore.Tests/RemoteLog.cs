using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>On EventStoreDB, over the network, with a prefix that no other test has. What passes there passes by the real clock.</summary>
public sealed class RemoteLog(StoreUnderTest store) : ITestLog
{
    public StreamPrefix Prefix { get; } = StreamPrefix.Parse($"t{Guid.NewGuid():N}-");

    public async Task<IEventStore> OpenAsync(TimeProvider time) => await store.OpenAsync(Prefix);

    public Dictionary<string, string?> SettingsFor(string folder) => new()
    {
        ["EventStore:ConnectionString"] = store.ConnectionString,
        ["EventStore:CachePath"] = folder,
        ["Streams:Prefix"] = Prefix.Texts,
    };
}
