using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>The real program is killed in the middle of a job.</summary>
public sealed class KilledJobTests : IDisposable
{
    private const int Streams = 300;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_deletion_that_is_killed_in_the_middle_goes_on_with_the_next_start_and_counts_each_stream_once()
    {
        var (job, number) = (await KilledAsync(0), 0);
        // It was quicker than the kill.
        for (; number < 9 && await IsOverAsync(job); number++) job = await KilledAsync(number + 1);
        var user = $"ann-{number}";

        (await IsOverAsync(job)).Should().BeFalse("it was killed in the middle");
        await using var again = await WebProcess.StartAsync(folder.Path);
        var end = await again.Client.DoneAsync(job);

        end.Numbers().Should().Be((Streams, Streams, 0));
        (await CountAsync(again.Client, $"user:{user}")).Should().Be(0);
        (await CountAsync(again.Client, "user:bob")).Should().Be(5 * (number + 1));
        for (var i = 0; i < Streams; i++)
        {
            using var answer = await again.Client.GetAsync($"/v1/streams/{user}-{i}");
            ((int)answer.StatusCode).Should().Be(410);
        }
    }

    /// <summary>Begins a deletion, and kills the server when some streams are gone.</summary>
    /// <returns>The job's address.</returns>
    private async Task<string> KilledAsync(int number)
    {
        var user = $"ann-{number}";
        await using var server = await WebProcess.StartAsync(folder.Path);
        for (var i = 0; i < Streams; i++)
            await server.Client.CreateAsync(new { id = $"{user}-{i}", source = "demo", labels = new { user } });
        for (var i = 0; i < 5; i++)
            await server.Client.CreateAsync(new { id = $"bob-{number}-{i}", source = "demo", labels = new { user = "bob" } });
        await Eventually.UntilAsync("all are listed", async () => await CountAsync(server.Client, $"user:{user}") == Streams);
        var job = await server.Client.DeleteAllAsync($"user:{user}");
        await Eventually.UntilAsync("some are gone and some are not", async () => await CountAsync(server.Client, $"user:{user}") < Streams - 20);
        server.Kill();
        return job;
    }

    private async Task<bool> IsOverAsync(string job)
    {
        await using var log = await SqliteEventStore.OpenAsync(new SqliteEventStoreOptions { Path = folder.Path }, TimeProvider.System, NullLogger.Instance, default);
        var read = await log.ReadAsync(StreamPrefix.Default.Job(job.Split('/')[^1]), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, default);
        return ((ServiceEvent.JobProgressed)ServiceCodec.Decode(((StoreRead.Page)read).Events[0]).Event).Ended;
    }

    private static async Task<long> CountAsync(HttpClient client, string label) =>
        (await client.GetFromJsonAsync<JsonElement>($"/v1/streams?label={label}&count=true&limit=1")).GetProperty("total").GetInt64();
}
