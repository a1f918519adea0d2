using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>A second process, and processes that die.</summary>
public sealed class EmbeddedProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_process_is_refused_in_words_until_the_first_is_dead()
    {
        using var first = await LogProcess.StartAsync("hold", folder.Path);
        var opening = () => folder.OpenAsync();
        (await opening.Should().ThrowAsync<SqliteEventStoreRefusedException>()).WithMessage($"*{folder.Path}*Stop that process*");

        await first.KillAsync();

        await using var log = await folder.OpenAsync();
        log.IsExclusive.Should().BeTrue();
    }

    [Fact]
    public async Task A_second_log_in_the_same_process_is_refused_too()
    {
        await using var first = await folder.OpenAsync();
        await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>();
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_was_killed_inside_a_commit()
    {
        var acknowledged = new List<(string Stream, long Revision, Guid Id)>();
        for (var round = 0; round < 4; round++)
        {
            using (var process = await LogProcess.StartAsync("append", folder.Path))
            {
                for (var i = 0; i < 1000; i++) acknowledged.Add(Parse((await process.NextLineAsync())!)!.Value);
                await process.KillAsync();

                // What it had said before it died counts as well; its last line may be half a line.
                while (await process.NextLineAsync() is { } line)
                    if (Parse(line) is { } said) acknowledged.Add(said);
            }

            await using var log = await folder.OpenAsync();
            foreach (var group in acknowledged.GroupBy(a => a.Stream))
            {
                var stored = await log.ReadAllAsync(group.Key);
                stored.Select(e => e.Revision).Should().Equal(Enumerable.Range(0, stored.Count).Select(i => (long)i));
                (stored.Count % 2).Should().Be(0, "an append of two events is there whole or not at all");
                foreach (var (_, revision, id) in group) stored[(int)revision].Id.Value.Should().Be(id);
            }
        }
    }

    private static (string Stream, long Revision, Guid Id)? Parse(string line) =>
        line.Split(' ') is [var stream, var revision, { Length: 36 } id] ? (stream, long.Parse(revision), Guid.Parse(id)) : null;
}
