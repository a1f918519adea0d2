using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.NodesTest;

/// <summary>A stream's text and ending, as one reader of server-sent events saw them: its driver or an observer, on one
/// node.</summary>
internal sealed class Spoken
{
    private readonly StringBuilder text = new();

    public string Text
    {
        get { lock (text) return text.ToString(); }
    }

    /// <summary>Of the last <c>end</c>; null: there was none.</summary>
    public string? Status { get; private set; }

    public string? Code { get; private set; }

    /// <summary>UTF-8 bytes that the driver was told are durable.</summary>
    public long SavedLength { get; private set; }

    public HttpStatusCode Answer { get; private set; }

    /// <summary>The request is over, cut or ended.</summary>
    public Task Over { get; private set; } = Task.CompletedTask;

    public static Spoken Drive(WebProcess node, string id) => Start(node, HttpMethod.Post, $"/v1/streams/{id}/drive");

    public static Spoken Follow(WebProcess node, string id) => Start(node, HttpMethod.Get, $"/v1/streams/{id}/events");

    private static Spoken Start(WebProcess node, HttpMethod method, string path)
    {
        var spoken = new Spoken();
        spoken.Over = spoken.RunAsync(node, method, path);
        return spoken;
    }

    private async Task RunAsync(WebProcess node, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        try
        {
            using var answer = await node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Answer = answer.StatusCode;
            if (Answer != HttpStatusCode.OK) return;
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync()) Take(item);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // That is what a killed node looks like from here.
        }
    }

    private void Take(SseItem<string> item)
    {
        using var data = JsonDocument.Parse(item.Data);
        var root = data.RootElement;
        if (item.EventType == "text") lock (text) text.Append(root.GetProperty("text").GetString());
        if (item.EventType == "saved") SavedLength = root.GetProperty("length").GetInt64();
        if (item.EventType != "end") return;
        Status = root.GetProperty("status").GetString();
        Code = root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error.GetProperty("code").GetString() : null;
    }
}
