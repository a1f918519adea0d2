using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary><c>Embedded:GrpcPort</c> of a server that has keys.</summary>
public sealed class ServedLogAccessTests
{
    [Fact]
    public async Task The_served_log_is_for_administrators_of_all_tenants()
    {
        var port = Ports.Free();
        await using var host = await KeyedHost.StartAsync(
            new Dictionary<string, string> { ["root"] = "admin", ["reader"] = "read,list", ["acme"] = "admin:acme" },
            new Dictionary<string, string?> { ["Embedded:GrpcPort"] = port.ToString(CultureInfo.InvariantCulture) });
        await host.JsonAsync("POST", "/v1/streams", "root", new { id = "a", source = "told" });

        (await ReadAsync(port, "key:root@")).Should().BeOfType<StoreRead.Page>().Which.Events.Should().ContainSingle();
        foreach (var credentials in new[] { "", "key:wrong@", "key:reader@", "key:acme@", "root:@" })
            (await this.Awaiting(_ => ReadAsync(port, credentials)).Should().ThrowAsync<LogUnavailableException>(credentials))
                .WithMessage("*does not know the user*");
    }

    [Fact]
    public async Task On_open_loopback_it_asks_for_nothing()
    {
        var port = Ports.Free();
        await using var host = await KeyedHost.StartAsync(
            new Dictionary<string, string>(), new Dictionary<string, string?> { ["Embedded:GrpcPort"] = port.ToString(CultureInfo.InvariantCulture) });
        await host.JsonAsync("POST", "/v1/streams", null, new { id = "a", source = "told" });

        (await ReadAsync(port, "")).Should().BeOfType<StoreRead.Page>();
    }

    private static async Task<StoreRead> ReadAsync(int port, string credentials)
    {
        await using var store = await EventStoreDbStore.OpenAsync(
            new EventStoreDbOptions { ConnectionString = $"esdb://{credentials}127.0.0.1:{port}?tls=false", Prefix = StreamPrefix.Default },
            TimeProvider.System, NullLogger.Instance, default);
        return await store.ReadAsync("text-a", 0, forward: true, maxCount: 10, ReadFrom.Leader, default);
    }
}
