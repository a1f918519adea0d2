using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.SoakTest;

/// <summary>Clients that make streams, read them in every way, some without taking anything, and delete them.</summary>
internal sealed class Churn(HttpClient http, SoakFindings findings, int seed)
{
    private const int Clients = 8;
    private const int MaxLength = 2_000_000;

    private int streams;
    private int answers;
    private int stalled;

    public int Streams => streams;

    /// <summary>Until it is cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => ClientAsync(i, ct), CancellationToken.None)));

    public override string ToString() => $"{streams} streams, {answers} answers, {stalled} readers that stalled";

    private async Task ClientAsync(int number, CancellationToken ct)
    {
        var random = new Random(seed + number);
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            try
            {
                await StreamAsync($"s{seed}-{number}-{i}", random, ct);
                Interlocked.Increment(ref streams);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException e)
            {
                findings.Check(false, $"a request failed: {e.HttpRequestError}");
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private async Task StreamAsync(string id, Random random, CancellationToken ct)
    {
        var text = Text(random);
        var path = new Uri($"v1/streams/{id}", UriKind.Relative);
        using (var created = await http.PostAsJsonAsync("v1/streams", new { id, source = "upload" }, ct)) Passed(created, 201);
        using var live = await http.GetAsync($"{path}/events", HttpCompletionOption.ResponseHeadersRead, ct);
        var followed = live.Content.ReadAsByteArrayAsync(ct);
        using (var driven = await http.PostAsync($"{path}/drive", new ByteArrayContent(text), ct)) Passed(driven, 200);
        findings.Check((await followed).Length > text.Length, "an observer got less than the text");

        await using var stall = random.Next(4) == 0 ? await StalledReader.OpenAsync(http.BaseAddress!, $"/{path}{Ways[random.Next(Ways.Length)]}", ct) : null;
        if (stall is not null) Interlocked.Increment(ref stalled);
        await SameAsync($"{path}/text", text, null, ct);
        for (var i = 0; i < 5; i++)
        {
            var from = random.Next(text.Length);
            await SameAsync($"{path}/text", text, (from, Math.Min(text.Length - 1, from + random.Next(100_000))), ct);
        }

        var whole = await http.GetFromJsonAsync<JsonElement>(path, ct);
        findings.Check(whole.GetProperty("text").GetString() == Encoding.ASCII.GetString(text), "a query's text is another one");
        var at = random.NextInt64(whole.GetProperty("revision").GetInt64() + 1);
        using (var then = await http.GetAsync($"{path}?at={at}&text={(random.Next(2) == 0 ? "true" : "false")}", ct)) Passed(then, 200);
        using (var again = await http.GetAsync($"{path}/events", ct)) Passed(again, 200);
        if (stall is not null) await stall.StayAsync(TimeSpan.FromSeconds(random.Next(15)), ct);
        if (random.Next(2) == 0)
            using (var deleted = await http.DeleteAsync(path, ct)) Passed(deleted, 204, 410);
    }

    private static string[] Ways { get; } = ["", "/text", "/events", "/events?after=1"];

    private static byte[] Text(Random random)
    {
        var text = new byte[random.Next(4) == 0 ? random.Next(1, MaxLength) : random.Next(1, MaxLength / 40)];
        for (var i = 0; i < text.Length; i++) text[i] = (byte)(i % 80 == 79 ? '\n' : random.Next('a', 'z'));
        return text;
    }

    private async Task SameAsync(string path, byte[] text, (int From, int To)? range, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (range is var (from, to) && range is not null) request.Headers.Range = new RangeHeaderValue(from, to);
        using var answer = await http.SendAsync(request, ct);

        // A stream that was asked for slowly may be so old by now that it has been removed.
        if (!Passed(answer, range is null ? 200 : 206, 410)) return;
        var wanted = range is { } part ? text.AsMemory(part.From, part.To - part.From + 1) : text;
        findings.Check((await answer.Content.ReadAsByteArrayAsync(ct)).AsSpan().SequenceEqual(wanted.Span), "a text is another one");
    }

    /// <summary>A server that has much to do may say so.</summary>
    private bool Passed(HttpResponseMessage answer, params ReadOnlySpan<int> statuses)
    {
        Interlocked.Increment(ref answers);
        var status = (int)answer.StatusCode;
        findings.Check(statuses.Contains(status), $"{answer.RequestMessage!.Method} was answered {status}");
        return status == statuses[0];
    }
}
