using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.NodesTest;

/// <summary>What the scenarios ask of the HTTP API.</summary>
internal static class Streams
{
    /// <summary>A store may be used again: no id comes twice.</summary>
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];

    private static int created;

    /// <summary>A stream of demo text.</summary>
    /// <param name="tokens">In all; <paramref name="rate"/> of them a second.</param>
    public static async Task<string> CreateAsync(WebProcess node, int rate, int tokens)
    {
        var id = $"n{Run}-{Interlocked.Increment(ref created)}";
        using var answer = await node.Client.PostAsJsonAsync("/v1/streams", new { id, source = "demo", input = new { rate, length = tokens } });
        answer.EnsureSuccessStatusCode();
        return id;
    }

    public static async Task<JsonElement> QueryAsync(WebProcess node, string id) =>
        await node.Client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}");

    public static async Task<string> StatusAsync(WebProcess node, string id) =>
        (await QueryAsync(node, id)).GetProperty("status").GetString()!;

    public static async Task<HttpStatusCode> CodeAsync(WebProcess node, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post) request.Content = JsonContent.Create(new { reason = "enough" });
        using var answer = await node.Client.SendAsync(request);
        return answer.StatusCode;
    }

    public static string TextOf(this JsonElement queried) => queried.GetProperty("text").GetString()!;

    public static string StatusOf(this JsonElement queried) => queried.GetProperty("status").GetString()!;

    public static string? CodeOf(this JsonElement queried) =>
        queried.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error.GetProperty("code").GetString() : null;
}
