using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Damage in what the servers say to each other is found too.</summary>
public sealed class ServiceStreamTests : IDisposable
{
    private static readonly Found Known = new("hash", "damaged", 2);

    private readonly TempFolder folder = new(), other = new();

    public ServiceStreamTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Theory]
    [InlineData("data = CAST(replace(CAST(data AS TEXT), 'startedAt', 'startedXt') AS BLOB) WHERE type = 'NodeHeartbeat'", "data", "text.node-old-node", 6L)]
    [InlineData("metadata = X'7B' WHERE type = 'NodeHeartbeat'", "data", "text.node-old-node", 6L)]
    [InlineData("id = X'00' WHERE type = 'NodeHeartbeat'", "unreadable", "text.node-old-node", 6L)]
    [InlineData("metadata = X'7B' WHERE type = 'LogNamed'", "tables", "text.log", 0L)]
    public async Task It_is_named(string change, string code, string stream, long revision)
    {
        folder.Tamper($"UPDATE log SET {change}");

        (await VerifyRuns.VerifyAsync(folder.Path)).Findings().Should().BeEquivalentTo([Known, new Found(code, stream, revision)]);
    }

    [Fact]
    public async Task So_is_a_kind_that_is_not_its_types()
    {
        await using (await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default)) { }
        folder.Tamper("UPDATE log SET kind = 1 WHERE type = 'LogNamed'");

        (await VerifyRuns.VerifyAsync(folder.Path)).Findings().Should().Contain(new Found("tables", "text.log", 0));
    }

    [Fact]
    public async Task Streams_are_exported_from_a_log_whose_identity_is_damaged()
    {
        folder.Tamper("UPDATE log SET metadata = X'7B' WHERE type = 'LogNamed'");

        var run = await AuditRun.OfAsync("export", "done", "--store", folder.Path, "--out", other.File("saved"), "--json");

        run.ExitCode.Should().Be(0, run.Error);
        run.Json.Single().GetProperty("streams").GetInt32().Should().Be(1);
    }
}
