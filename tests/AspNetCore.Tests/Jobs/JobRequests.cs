using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Jobs;

/// <summary>Requests for all streams of a label.</summary>
internal static class JobRequests
{
    /// <summary>Begins a deletion.</summary>
    /// <returns>The job's address.</returns>
    public static async Task<string> DeleteAllAsync(this HttpClient client, string label)
    {
        using var begun = await client.DeleteAsync($"/v1/streams?label={label}");
        begun.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var job = await begun.Content.ReadFromJsonAsync<JsonElement>();
        begun.Headers.Location!.ToString().Should().EndWith(job.GetProperty("id").GetString());
        return begun.Headers.Location.ToString();
    }

    /// <summary>A job when it is over.</summary>
    public static async Task<JsonElement> DoneAsync(this HttpClient client, string job)
    {
        var last = default(JsonElement);
        await Eventually.UntilAsync("the job is done", async () =>
        {
            last = await client.GetFromJsonAsync<JsonElement>(job);
            return last.GetProperty("state").GetString() == "done";
        });
        return last;
    }

    public static (long Total, long Done, long Failed) Numbers(this JsonElement job) =>
        (job.GetProperty("total").GetInt64(), job.GetProperty("done").GetInt64(), job.GetProperty("failed").GetInt64());
}
