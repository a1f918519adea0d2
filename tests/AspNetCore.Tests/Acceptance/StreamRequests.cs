using System.Net.Http.Json;
using System.Text.Json;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>The API's requests, as a client of any server sends them.</summary>
internal static class StreamRequests
{
    public const string Events = "text/event-stream";

    public static async Task<string> CreateAsync(this HttpClient client, object body)
    {
        using var response = await client.PostAsJsonAsync("/v1/streams", body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Returns with the headers.</summary>
    public static Task<HttpResponseMessage> DriveAsync(this HttpClient client, string id, string accept = "*/*")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Returns with the headers.</summary>
    public static Task<HttpResponseMessage> FollowAsync(this HttpClient client, string id, long? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", $"{lastEventId}");
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static Task<JsonElement> QueryAsync(this HttpClient client, string id) =>
        client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}");

    public static async Task<string> StatusAsync(this HttpClient client, string id) =>
        (await client.QueryAsync(id)).GetProperty("status").GetString()!;
}
