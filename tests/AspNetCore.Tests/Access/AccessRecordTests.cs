using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>The record of access, as it stands in the log.</summary>
public sealed class AccessRecordTests
{
    [Fact]
    public async Task Reads_mints_revocations_and_refusals_are_on_record_when_the_server_has_stopped()
    {
        IReadOnlyList<ServiceEvent.AccessRecorded> recorded;
        await using (var host = await StartAsync(on: true))
        {
            await host.JsonAsync("POST", "/v1/streams", "web", new { id = "a", source = "told" });
            await host.StatusAsync("GET", "/v1/streams/a", "web");
            await host.StatusAsync("GET", "/v1/streams/a", "beta");
            await host.StatusAsync("GET", "/v1/streams/a/text", null);
            await host.StatusAsync("DELETE", "/v1/streams/a", "web");
            var token = await host.MintAsync("web", "/v1/streams/a/tokens", new { rights = new[] { "read" }, sub = "ann" });
            await host.StatusAsync("GET", $"/v1/streams/a/text?token={token}", null);
            host.Configure(("Auth:Keys:web:Rights", "list"));
            recorded = await host.RecordAsync();
        }

        recorded.Select(e => (e.Who, e.What, e.Stream?.Value, e.Refused)).Should().Equal(
            ("web", "query", "a", null),
            ("beta", "query", "a", "unknown-stream"),
            ("anonymous", "text", "a", "unauthenticated"),
            ("web", "delete", "a", "forbidden"),
            ("web", "mint", "a", null),
            ("web/ann", "text", "a", null),
            ("web", "revoke", null, null));
        recorded.Where(e => e.What != "revoke").Should().OnlyContain(e => e.From == "127.0.0.1");
    }

    [Fact]
    public async Task A_flood_of_refusals_does_not_fill_the_log()
    {
        await using var host = await StartAsync(on: true);
        var record = (Web.AccessRecord)host.Services.GetService(typeof(Web.AccessRecord))!;

        for (var i = 0; i < 5000; i++) record.Add("anonymous", "text", null, null, "unauthenticated");
        record.Add("web", "text", null, null, refused: null);

        var recorded = await host.RecordAsync();
        recorded.Count.Should().Be(1001);
        recorded[^1].Who.Should().Be("web");
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_is_told_and_the_server_goes_on()
    {
        using var folder = new TempFolder();
        await using (var store = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default))
            await store.TombstoneAsync(StreamPrefix.Default.Access, ExpectedRevision.Any, new Domain.EventId(Guid.NewGuid()), default, default);
        var logs = new RecordedLogs();
        await using var host = await KeyedHost.StartAsync(
            new Dictionary<string, string> { ["web"] = "create,read,list" },
            new Dictionary<string, string?> { ["Auth:AccessLog"] = "true", ["Embedded:Path"] = folder.Path },
            logs);

        ((Web.AccessRecord)host.Services.GetService(typeof(Web.AccessRecord))!).Add("web", "text", null, null, refused: null);

        await Eventually.UntilAsync("it is told", () =>
            logs.Complaints.Any(line => line.Contains("record of access cannot be written")) && logs.Complaints.Any(line => line.Contains("records of access are not in the event log")));
        (await host.StatusAsync("GET", "/v1/streams", "web")).Should().Be(200);
    }

    [Fact]
    public async Task It_is_off_unless_it_is_switched_on()
    {
        await using var host = await StartAsync(on: false);
        await host.StatusAsync("GET", "/v1/streams/a", null);

        (await host.RecordAsync()).Should().BeEmpty();
    }

    private static Task<KeyedHost> StartAsync(bool on) => KeyedHost.StartAsync(
        new Dictionary<string, string> { ["web"] = "create,read", ["beta"] = "read:beta" },
        new Dictionary<string, string?> { ["Auth:AccessLog"] = on ? "true" : "false" });
}
