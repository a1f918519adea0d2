using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed record SseEvent(string? Id, string? Name, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);

    internal string Text => Json.GetProperty("text").GetString()!;

    public string Status => Json.GetProperty("status").GetString()!;
}

/// <summary>Reads server-sent events as the standard says: a line ends with CR, LF or both; comments are counted and
/// left out.</summary>
public sealed class EventStreamReader(Stream stream) : IDisposable
{
    private readonly StreamReader reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));

    public int Comments { get; private set; }

    public static async Task<EventStreamReader> OpenAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType?.MediaType.Should().Be("text/event-stream");
        return new(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Null at the end. Comments alone do not keep it waiting for ever.</summary>
    public Task<SseEvent?> NextAsync() => ReadNextAsync().WaitAsync(Eventually.Limit);

    public async Task<List<SseEvent>> ToEndAsync()
    {
        var events = new List<SseEvent>();
        while (await NextAsync() is { } one) events.Add(one);
        return events;
    }

    public void Dispose() => reader.Dispose();

    private async Task<SseEvent?> ReadNextAsync()
    {
        string? id = null, name = null;
        var data = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Count > 0) return new SseEvent(id, name, string.Join("\n", data));
                continue;
            }

            if (line[0] == ':')
            {
                Comments++;
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            if (value.StartsWith(' ')) value = value[1..];
            if (field == "id") id = value;
            else if (field == "event") name = value;
            else if (field == "data") data.Add(value);
        }

        return null;
    }
}
