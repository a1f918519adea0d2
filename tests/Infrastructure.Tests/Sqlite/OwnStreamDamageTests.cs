using System.Collections.Concurrent;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Damage in the server's own streams is said in one line, with what to do.</summary>
public sealed class OwnStreamDamageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("data = CAST(replace(CAST(data AS TEXT), 'startedAt', 'startedXt') AS BLOB)")]
    [InlineData("metadata = X'7B'")]
    [InlineData("id = X'00'")]
    [InlineData("type = 'LogNamed'")]
    public async Task A_node_whose_heartbeat_is_damaged_beats_on(string change)
    {
        await using (var log = await folder.OpenAsync(TimeProvider.System))
        await using (await EngineNode.StartAsync(log, TimeProvider.System, [], exclusive: true)) { }
        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(5))) database.Execute($"UPDATE log SET {change} WHERE type = 'NodeHeartbeat'");
        var lines = new Lines();

        await using var again = await folder.OpenAsync(TimeProvider.System);
        await using var node = await EngineNode.StartAsync(again, TimeProvider.System, [], exclusive: true, logger: lines);

        await Eventually.UntilAsync("the node beats", () => node.Engine.Problem is null);
        lines.Said.Where(line => line.Contains("damaged", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("passed over").And.Contain("audit verify").And.NotContain("\n");
    }

    [Theory]
    [InlineData("metadata = X'7B'")]
    [InlineData("type = 'NodeHeartbeat'")]
    public async Task A_damaged_identity_is_refused_with_what_to_do(string change)
    {
        await using (var log = await folder.OpenAsync()) await OpenAsync(log);
        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(5))) database.Execute($"UPDATE log SET {change} WHERE type = 'LogNamed'");

        await using var again = await folder.OpenAsync();

        (await this.Awaiting(_ => OpenAsync(again)).Should().ThrowAsync<LogDamagedException>())
            .WithMessage("Stream text.log, revision 0: *Restore a backup*audit export*").Which.Message.Should().NotContain("\n");
    }

    private static Task<StreamLog> OpenAsync(IEventStore log) =>
        StreamLog.OpenAsync(log, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, new NodeRun("a", "run"), default);

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception) + exception);
    }
}
