using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.CrashTest;

/// <summary>One stream that was live when the server was killed: what its source had to say, and what its driver was
/// told.</summary>
internal sealed class CrashedStream
{
    private readonly string whole;
    private readonly StringBuilder seen = new();
    private readonly TaskCompletionSource claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CrashedStream(string id, string whole) => (Id, this.whole) = (id, whole);

    public string Id { get; }

    /// <summary>UTF-8 bytes that the driver was told are durable.</summary>
    public long SavedLength { get; private set; }

    /// <summary>The driver's request is over.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

    public bool IsChecked { get; private set; }

    /// <summary>The text that the log gave after the restart.</summary>
    public string? Text { get; private set; }

    /// <summary>Returns once the stream is claimed: one that is killed before that stays pending, and
    /// rightly.</summary>
    public static async Task<CrashedStream> BeginAsync(HttpClient client, string id, bool asUpload, int seed)
    {
        var whole = Words(seed);
        var stream = new CrashedStream(id, whole);
        object create = asUpload
            ? new { id, source = "upload" }
            : new { id, source = "demo", input = new { rate = 300, length = 100_000, text = whole } };
        using var created = await client.PostAsJsonAsync("/v1/streams", create);
        created.EnsureSuccessStatusCode();
        stream.Stopped = stream.DriveAsync(client, asUpload);
        await stream.claimed.Task.WaitAsync(Eventually.Limit);
        return stream;
    }

    public async Task CheckOverHttpAsync(HttpClient client, List<string> findings)
    {
        JsonElement found = default;
        await Eventually.UntilAsync($"{Id} has ended", async () =>
        {
            found = await client.GetFromJsonAsync<JsonElement>($"/v1/streams/{Id}");
            return found.GetProperty("status").GetString() is not ("streaming" or "pending");
        });
        IsChecked = true;
        Text = found.GetProperty("text").GetString()!;
        var status = found.GetProperty("status").GetString();
        var length = Encoding.UTF8.GetByteCount(Text);
        if (status is not ("done" or "error")) findings.Add($"{Id} is '{status}' after the restart.");
        if (status is "error" && found.GetProperty("error").GetProperty("code").GetString() is not ("interrupted" or "upload-interrupted"))
            findings.Add($"{Id} ended as {found.GetProperty("error")}.");
        if (length < SavedLength) findings.Add($"{Id} has {length} bytes, and {SavedLength} were acknowledged.");
        if (!whole.StartsWith(Text, StringComparison.Ordinal)) findings.Add($"{Id} has text that its source never sent.");
        if (!whole.StartsWith(seen.ToString(), StringComparison.Ordinal)) findings.Add($"{Id} showed its driver text that its source never sent.");
    }

    private async Task DriveAsync(HttpClient client, bool asUpload)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{Id}/drive");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (asUpload) request.Content = new PacedContent(whole);
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            claimed.TrySetResult();
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
            {
                using var data = JsonDocument.Parse(item.Data);
                if (item.EventType == "text") seen.Append(data.RootElement.GetProperty("text").GetString());
                if (item.EventType == "saved") SavedLength = data.RootElement.GetProperty("length").GetInt64();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // That is what a killed server looks like from here.
        }
    }

    private static string Words(int seed)
    {
        var random = new Random(seed);
        string[] words = ["stream ", "event ", "größer ", "日本語。", "😀 ", "sentence. ", "line\n", "token ", "who? ", "a.b "];
        return string.Concat(Enumerable.Range(0, 4_000)
            .Select(i => i % 10 == 0 ? i.ToString(CultureInfo.InvariantCulture) + " " : words[random.Next(words.Length)]));
    }

    /// <summary>A live log: some text every few milliseconds, without end.</summary>
    private sealed class PacedContent : HttpContent
    {
        private readonly byte[] bytes;

        public PacedContent(string text)
        {
            bytes = Encoding.UTF8.GetBytes(text);
            Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += 37)                        // cuts inside characters, too
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(37, bytes.Length - at)));
                await stream.FlushAsync();
                await Task.Delay(4);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
