using System.Text;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>Reads an answer as it comes, raw text or events, as a driver and an observer do.</summary>
internal sealed class LiveAnswer : IDisposable
{
    /// <summary>A text may be silent for as long as a test lets a clock run on.</summary>
    private static readonly TimeSpan SilenceLimit = 2 * TestKit.Eventually.Limit;

    private readonly Lock gate = new();
    private readonly HttpResponseMessage response;
    private readonly MemoryStream bytes = new();
    private readonly List<SseEvent> events = [];

    private LiveAnswer(HttpResponseMessage response)
    {
        this.response = response;
        Over = response.Content.Headers.ContentType?.MediaType == StreamRequests.Events ? ReadEventsAsync() : ReadTextAsync();
    }

    /// <summary>Completes at the end of the answer, where it was cut, or when nothing has come for too long.</summary>
    public Task Over { get; }

    /// <summary>The connection was cut: a reader may not take this for the whole.</summary>
    public bool IsCut { get; private set; }

    /// <summary>UTF-8 bytes of text that have come.</summary>
    public long Length
    {
        get { lock (gate) return bytes.Length; }
    }

    public string Text
    {
        get { lock (gate) return Encoding.UTF8.GetString(bytes.ToArray()); }
    }

    public IReadOnlyList<SseEvent> Events
    {
        get { lock (gate) return [.. events]; }
    }

    /// <summary>The last event, which says how the stream ended.</summary>
    public SseEvent End => Events[^1].Name == "end" ? Events[^1] : throw new InvalidOperationException($"{Events[^1]} is no end.");

    public static async Task<LiveAnswer> OfAsync(Task<HttpResponseMessage> request)
    {
        var response = await request;
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.OK);
        return new LiveAnswer(response);
    }

    public Task HasAsync(string text) =>
        TestKit.Eventually.UntilAsync($"the client has '{text}'", () => Length >= Encoding.UTF8.GetByteCount(text));

    public void Dispose() => response.Dispose();

    private async Task ReadTextAsync()
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer).AsTask().WaitAsync(SilenceLimit) is > 0 and var read)
            {
                lock (gate) bytes.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            IsCut = true;
        }
    }

    private async Task ReadEventsAsync()
    {
        try
        {
            using var reader = await EventStreamReader.OpenAsync(response);
            while (await reader.NextAsync() is { } one)
            {
                lock (gate)
                {
                    events.Add(one);
                    if (one.Name == "text") bytes.Write(Encoding.UTF8.GetBytes(one.Text));
                }
            }
        }
        catch (IOException)
        {
            IsCut = true;
        }
    }
}
