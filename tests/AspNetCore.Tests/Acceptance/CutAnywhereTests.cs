using System.Globalization;
using System.Net;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>
/// Point 9: drivers' and observers' sockets cut at seeded random bytes, in headers, in chunk framing, in events, in
/// characters. A client that comes again with what it had last sees the text grow on to its end: no gap, no repeat, no
/// rewind.
/// </summary>
public abstract class CutAnywhereTests(ITestLog log) : IAsyncLifetime
{
    private const int Seed = 20261121;
    private const int DriverCuts = 1000;

    private static readonly string[] Alphabet = ["a", "b ", "e. ", "\n", "\"", "ä", "ß", "漢", "。", "\t", "😀", "👩‍👩‍👧", "\r\n", "\\", "🇪🇺"];

    private TextStreamsApp app = null!;
    private int driverCuts;
    private int observerCuts;
    private int tornTexts;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Log = log,
        Sources = [new CallbackSource("story", TellAsync)],
        Options = new() { Driving = new DrivingLimits { Batch = new BatchLimits(TimeSpan.FromMilliseconds(4)) } },
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task After_a_cut_at_any_byte_the_text_grows_on_without_gap_repeat_or_rewind()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2 * DriverCuts),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, _) =>
            {
                if (Volatile.Read(ref driverCuts) < DriverCuts) await DriveAndResumeAsync(number);
            });

        driverCuts.Should().BeGreaterThanOrEqualTo(DriverCuts);
        observerCuts.Should().BeGreaterThan(DriverCuts / 2);
        tornTexts.Should().BeGreaterThan(DriverCuts / 20, "many cuts fall inside a character");
    }

    private static async Task TellAsync(SourceRequest request, AppendText append, CancellationToken ct)
    {
        var pieces = Pieces(request.Input!.Value.GetInt32());
        for (var i = 0; i < pieces.Length; i++)
        {
            await append(pieces[i]);
            if (i % 8 == 7) await Task.Delay(1, ct); // as a model does: so that cuts fall into a running stream
        }
    }

    /// <summary>About a kilobyte, in pieces that also break between the halves of a surrogate pair.</summary>
    private static string[] Pieces(int number)
    {
        var random = new Random(Seed + number);
        var text = string.Concat(Enumerable.Range(0, 200 + random.Next(200)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        var pieces = new List<string>();
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = Math.Min(1 + random.Next(12), text.Length - at);
            pieces.Add(text.Substring(at, length));
        }

        return [.. pieces];
    }

    private async Task DriveAndResumeAsync(int number)
    {
        var random = new Random(Seed - number);
        var text = string.Concat(Pieces(number));
        var id = await app.Client.CreateAsync(new { source = "story", input = number });
        var observer = new Observer(this, id, new ShownText());
        var observing = observer.FollowToEndAsync(new Random(number), cuts: number % 4 == 0 ? 2 : 0);

        var (shown, savedAt) = await DriveAsync(id, random, withEvents: number % 2 == 0, text);
        var resumed = new Observer(this, id, shown) { Last = savedAt };
        await resumed.FollowToEndAsync(random, cuts: random.Next(3));
        await observing;

        shown.ToString().Should().Be(text, "stream {0} of seed {1}", number, Seed);
        observer.Shown.ToString().Should().Be(text, "stream {0} of seed {1}, observed", number, Seed);
        var stored = await app.Client.QueryAsync(id);
        stored.GetProperty("status").GetString().Should().Be("done");
        stored.GetProperty("text").GetString().Should().Be(text);
    }

    /// <summary>Drives until the cut; what it has then, and the last revision that it was told is saved.</summary>
    private async Task<(ShownText Shown, long? SavedAt)> DriveAsync(string id, Random random, bool withEvents, string text)
    {
        var (shown, savedAt) = (new ShownText(), (long?)null);
        var bytes = Encoding.UTF8.GetByteCount(text);
        var about = 250 + (withEvents ? 5 * bytes : bytes * 11 / 10);
        using var client = new TappedClient(app.BaseAddress, cutAt: 1 + random.Next(about), reset: random.Next(2) == 0);
        try
        {
            using var response = await client.Http.DriveAsync(id, withEvents ? StreamRequests.Events : "text/plain");
            if (withEvents) savedAt = await ReadEventsAsync(response, shown, saved => savedAt = saved);
            else await ReadTextAsync(response, shown);
        }
        catch (Exception e) when (client.IsCut && e is IOException or HttpRequestException)
        {
            // That is the cut.
        }

        if (client.IsCut) Interlocked.Increment(ref driverCuts);
        if (shown.IsTorn) Interlocked.Increment(ref tornTexts);
        return (shown, savedAt);
    }

    private static async Task ReadTextAsync(HttpResponseMessage response, ShownText shown)
    {
        var (body, buffer) = (await response.Content.ReadAsStreamAsync(), new byte[4096]);
        while (await body.ReadAsync(buffer) is > 0 and var read) shown.Add(buffer.AsSpan(0, read));
    }

    private static async Task<long?> ReadEventsAsync(HttpResponseMessage response, ShownText shown, Action<long> saved)
    {
        using var reader = await EventStreamReader.OpenAsync(response);
        long? last = null;
        while (await reader.NextAsync() is { } one)
        {
            if (one.Name == "text") shown.Add(Encoding.UTF8.GetBytes(one.Text));
            else if (one.Json.TryGetProperty("revision", out var revision)) saved((last = revision.GetInt64()).Value);
        }

        return last;
    }

    /// <summary>Follows a stream, over cuts, with what it had last.</summary>
    private sealed class Observer(CutAnywhereTests test, string id, ShownText shown)
    {
        public ShownText Shown => shown;

        public long? Last { get; set; }

        public async Task FollowToEndAsync(Random random, int cuts)
        {
            for (; cuts > 0; cuts--)
            {
                using var cut = new TappedClient(test.app.BaseAddress, cutAt: 1 + random.Next(2000), reset: random.Next(2) == 0);
                try
                {
                    if (await FollowAsync(cut.Http)) return;
                }
                catch (Exception e) when (cut.IsCut && e is IOException or HttpRequestException)
                {
                    Interlocked.Increment(ref test.observerCuts);
                }
            }

            (await FollowAsync(test.app.Client)).Should().BeTrue("nothing cuts it any more");
        }

        /// <returns>True: it has the end.</returns>
        private async Task<bool> FollowAsync(HttpClient client)
        {
            using var response = await client.FollowAsync(id, Last);
            if (response.StatusCode == HttpStatusCode.NoContent) return true;
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            using var reader = await EventStreamReader.OpenAsync(response);
            long? next = null;
            while (await reader.NextAsync() is { } one)
            {
                var revision = long.Parse(one.Id!, CultureInfo.InvariantCulture);
                revision.Should().BeGreaterThan(Last ?? -1);
                Last = revision;
                if (one.Name == "end") return one.Status == "done";
                if (one.Name != "text") continue;
                var offset = one.Json.GetProperty("offset").GetInt64();
                if (next is not null) offset.Should().Be(next);
                next = offset + Encoding.UTF8.GetByteCount(one.Text);
                shown.Add(offset, one.Text);
            }

            return false;
        }
    }

    public sealed class OnLocalLog() : CutAnywhereTests(new LocalLog());

    public sealed class OnEventStoreDb(EventStoreUnderTest store) : CutAnywhereTests(new RemoteLog(store)), IClassFixture<EventStoreUnderTest>;
}
