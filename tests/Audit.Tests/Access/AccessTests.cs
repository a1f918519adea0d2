using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What a server has let and refused, out of its log.</summary>
public sealed class AccessTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_record_is_shown_in_order_and_by_what_is_asked_for()
    {
        await WriteAsync(
            new("web", "query", new StreamId("a"), "10.0.0.1", null) { At = At },
            new("web/ann", "text", new StreamId("a"), "10.0.0.2", null) { At = At.AddMinutes(1) },
            new("webber", "mint", new StreamId("b"), null, null) { At = At.AddMinutes(2) },
            new("anonymous", "delete", new StreamId("b"), "10.0.0.3", "unauthenticated") { At = At.AddMinutes(3) });

        (await WhoAsync()).Should().Equal("web", "web/ann", "webber", "anonymous");
        (await WhoAsync("--who", "web")).Should().Equal("web", "web/ann");
        (await WhoAsync("--stream", "b")).Should().Equal("webber", "anonymous");
        (await WhoAsync("--refused")).Should().Equal("anonymous");
        (await WhoAsync("--after", "2026-11-28T09:01:00Z", "--before", "2026-11-28T09:02:00Z")).Should().Equal("web/ann");
        var table = await AuditRun.OfAsync("access", "--store", folder.Path);
        table.Out.Should().Contain("10.0.0.3").And.Contain("unauthenticated").And.Contain("2026-11-28T09:03:00.000Z");
    }

    [Fact]
    public async Task A_log_without_a_record_says_what_would_make_one()
    {
        await WriteAsync();

        var run = await AuditRun.OfAsync("access", "--store", folder.Path);

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Error.Should().Contain("Auth:AccessLog");
    }

    [Theory]
    [InlineData("esdb://127.0.0.1:2113?tls=false", "esdb://key:a%20key%3A%40@127.0.0.1:2113?tls=false")]
    [InlineData("esdb://user:word@127.0.0.1:2113?tls=false", "esdb://user:word@127.0.0.1:2113?tls=false")]
    public void A_key_is_the_password_of_a_connection_string_that_has_none(string text, string expected) =>
        StoreLocation.Parse(text).WithKey("a key:@").Should().Be(new StoreLocation.EventStoreDb(expected));

    private async Task<string?[]> WhoAsync(params string[] options)
    {
        var run = await AuditRun.OfAsync(["access", "--store", folder.Path, "--json", .. options]);
        return [.. run.Json.Select(each => each.GetProperty("who").GetString())];
    }

    private async Task WriteAsync(params ServiceEvent.AccessRecorded[] records)
    {
        await using var store = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
        var node = new NodeRun("a", "run");
        var log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, node, default);
        if (records.Length > 0) await log.AppendAccessAsync(records, node, new AppendId(Guid.NewGuid()), default);
    }
}
