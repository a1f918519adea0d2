using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Another program's event is one finding, by its type and revision.</summary>
public sealed class ForeignEventTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ForeignEventTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("order", 0L)]
    [InlineData("done", 4L)]
    public async Task It_is_named(string id, long revision)
    {
        await using (var log = await SqliteEventStore.OpenAsync(
            new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default))
        {
            var next = new NewEvent(new Domain.EventId(Guid.NewGuid()), "OrderPlaced\u001b[31m", "application/json", """{"total":1}"""u8.ToArray(), default);
            (await log.AppendAsync($"text-{id}", ExpectedRevision.Any, [next], default)).Should().BeOfType<AppendOutcome.Appended>().Which.Last.Should().Be(revision);
        }

        var run = await VerifyRuns.VerifyAsync(folder.Path);

        run.Findings().Where(found => found.Stream == id).Should().Equal(new Found("foreign", id, revision));
        run.Out.Should().Contain("'OrderPlaced?[31m'");
    }
}
