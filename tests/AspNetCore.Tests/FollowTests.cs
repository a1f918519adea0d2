using System.Net;
using System.Net.Sockets;
using System.Text;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class FollowTests : IAsyncLifetime
{
    private const string Odd = " lead\r\r\n\n\u2028\u2029\0\u0001\"\\ 🙂\u007f\uFEFF data: x\n\n";

    private static readonly StreamEngineOptions Options =
        new() { Driving = new DrivingLimits { Batch = new BatchLimits(TimeSpan.FromMilliseconds(5)) } };

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Options = Options });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task An_observer_sees_the_whole_life_live()
    {
        var id = await app.CreateAsync();
        using var response = await FollowAsync(id);
        using var events = await EventStreamReader.OpenAsync(response);

        (await events.NextAsync()).Should().Be(new SseEvent("0", "status", "{\"status\":\"pending\"}"));
        using var driver = await app.DriveAsync(id);
        (await events.NextAsync()).Should().Be(new SseEvent("1", "status", "{\"status\":\"streaming\"}"));
        await app.Script.For(new(id)).SayAsync("Hello ");
        (await events.NextAsync()).Should().Be(new SseEvent("2", "text", "{\"offset\":0,\"text\":\"Hello \"}"));
        await app.Script.For(new(id)).SayAsync("wörld.");
        (await events.NextAsync()).Should().Be(new SseEvent("3", "text", "{\"offset\":6,\"text\":\"wörld.\"}"));
        app.Script.For(new(id)).End(new SourceResult("stop"));
        (await events.NextAsync()).Should().Be(
            new SseEvent("4", "end", "{\"status\":\"done\",\"revision\":4,\"length\":13,\"finishReason\":\"stop\"}"));
        (await events.NextAsync()).Should().BeNull();
        await Eventually.UntilAsync("the broadcast has gone", () => app.Access.Broadcasts.Count == 0);
    }

    [Fact]
    public async Task Resuming_after_every_revision_gives_exactly_the_rest()
    {
        string[] pieces = ["One ", "two. ", "🙂", "\n", "three"];
        var id = await app.CreateDoneAsync(pieces);
        var last = (await app.GetAsync(id)).GetProperty("revision").GetInt64();
        last.Should().Be(pieces.Length + 2);

        for (var after = 0L; after < last; after++)
        {
            using var response = await FollowAsync(id, after);
            using var events = await EventStreamReader.OpenAsync(response);
            var rest = await events.ToEndAsync();

            var missing = string.Concat(pieces.Skip((int)Math.Max(0, after - 1)));
            string.Concat(rest.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be(missing);
            rest[^1].Name.Should().Be("end");
            rest[^1].Id.Should().Be($"{last}");
            rest.Count(e => e.Name == "text").Should().Be(missing.Length > 0 ? 1 : 0, "small batches are joined");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task At_or_past_the_end_of_a_finished_stream_there_is_nothing(long past)
    {
        var id = await app.CreateDoneAsync("x");
        var last = (await app.GetAsync(id)).GetProperty("revision").GetInt64();

        using var response = await FollowAsync(id, last + past);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_deleted_stream_is_gone()
    {
        var id = await app.CreateDoneAsync("x");
        await app.Client.DeleteAsync($"/v1/streams/{id}");

        using var response = await FollowAsync(id, 1);

        response.StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task The_header_goes_before_the_query()
    {
        var id = await app.CreateDoneAsync("x");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events?after=0");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "2");

        using var response = await app.Client.SendAsync(request);
        using var events = await EventStreamReader.OpenAsync(response);

        (await events.ToEndAsync()).Should().ContainSingle().Which.Name.Should().Be("end");
    }

    [Fact]
    public async Task Catching_up_joins_batches_into_frames_of_at_most_64_KiB()
    {
        var pieces = Enumerable.Range(0, 100).Select(i => new string((char)('a' + (i % 26)), 3000) + ".").ToArray();
        var id = await app.CreateDoneAsync(pieces);

        using var response = await FollowAsync(id);
        using var events = await EventStreamReader.OpenAsync(response);
        var all = await events.ToEndAsync();

        var texts = all.Where(e => e.Name == "text").ToList();
        string.Concat(texts.Select(e => e.Text)).Should().Be(string.Concat(pieces));
        texts.Should().HaveCount(5).And.OnlyContain(e => Encoding.UTF8.GetByteCount(e.Text) <= 64 * 1024);
        foreach (var (one, resumed) in texts.Zip(texts.Skip(1)))
        {
            using var again = await FollowAsync(id, long.Parse(one.Id!));
            using var rest = await EventStreamReader.OpenAsync(again);
            (await rest.NextAsync()).Should().Be(resumed);
        }
    }

    [Fact]
    public async Task Every_character_survives_live_and_later()
    {
        var id = await app.CreateAsync();
        using var live = await FollowAsync(id);
        using var liveEvents = await EventStreamReader.OpenAsync(live);
        using var driver = await app.DriveAsync(id, "text/event-stream");
        using var driverEvents = await EventStreamReader.OpenAsync(driver);
        foreach (var rune in Odd.EnumerateRunes()) await app.Script.For(new(id)).SayAsync(rune.ToString());
        app.Script.For(new(id)).End();

        TextOf(await liveEvents.ToEndAsync()).Should().Be(Odd);
        TextOf(await driverEvents.ToEndAsync()).Should().Be(Odd);
        using var late = await FollowAsync(id);
        using var lateEvents = await EventStreamReader.OpenAsync(late);
        TextOf(await lateEvents.ToEndAsync()).Should().Be(Odd);
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be(Odd);
        (await app.Client.GetByteArrayAsync($"/v1/streams/{id}/text")).Should().Equal(Encoding.UTF8.GetBytes(Odd));
    }

    [Fact]
    public async Task Deleting_a_running_stream_ends_its_observers()
    {
        // What comes within 2 s of its end is told as its deletion.
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = new SlowTime(20), Options = Options });
        var id = await slow.CreateAsync();
        using var driver = await slow.DriveAsync(id);
        using var response = await slow.Client.FollowAsync(id, 1);
        using var events = await EventStreamReader.OpenAsync(response);
        await slow.Script.For(new(id)).SayAsync("x.");
        await events.NextAsync();

        (await slow.Client.DeleteAsync($"/v1/streams/{id}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await events.ToEndAsync()).Should().ContainSingle().Which.Status.Should().Be("deleted");
    }

    [Fact]
    public async Task Observers_that_come_while_it_runs_all_get_the_same_text()
    {
        var id = await app.CreateAsync();
        using var driver = await app.DriveAsync(id);
        var run = app.Script.For(new(id));
        var observers = new List<Task<string>>();
        for (var i = 0; i < 200; i++)
        {
            await run.SayAsync($"piece {i}. ");
            if (i % 5 == 0) observers.Add(FollowToEndAsync(id));
        }

        run.End();

        (await Task.WhenAll(observers)).Should().OnlyContain(text => text == string.Concat(Enumerable.Range(0, 200).Select(i => $"piece {i}. ")));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_disconnected_and_resumes()
    {
        var time = new ManualTime();
        await using var app = await TextStreamsApp.StartAsync(new()
        {
            Time = time,
            Http = { TakeLimit = TimeSpan.FromMilliseconds(200), DefaultSource = "script" },
        });
        var id = await app.CreateAsync();
        using var driver = await LiveAnswer.OfAsync(app.DriveAsync(id));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/streams/{id}/events HTTP/1.1\r\nHost: x\r\n\r\n"));
        await Eventually.UntilAsync("it follows live", () => app.Access.Broadcasts.Count == 1);

        var written = 0L;
        await Eventually.UntilAsync("it is disconnected", async () =>
        {
            await app.Script.For(new(id)).SayAsync(new string('x', 60_000) + ".");
            written += 60_001;
            await Eventually.UntilAsync("its driver, which is not, has that", () => driver.Length == written);
            time.Advance(TimeSpan.FromMilliseconds(50));
            return app.Access.Broadcasts.Count == 0;
        });
        app.Script.For(new(id)).End();
        await driver.Over;

        written.Should().BeLessThan(16 * 1024 * 1024);
        driver.IsCut.Should().BeFalse();
        driver.Length.Should().Be(written);
        (await app.Client.GetStringAsync($"/v1/streams/{id}/text")).Length.Should().Be((int)written);
    }

    [Fact]
    public async Task A_comment_comes_every_15_seconds()
    {
        var time = new ManualTime();
        await using var slow = await TextStreamsApp.StartAsync(new() { Time = time });
        var id = await slow.CreateAsync();
        using var response = await slow.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = await EventStreamReader.OpenAsync(response);
        await reader.NextAsync();
        var end = reader.NextAsync();
        await Eventually.UntilAsync("the comment has come", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return reader.Comments > 0;
        });

        await slow.Client.PostAsync($"/v1/streams/{id}/cancel", null);
        (await end)!.Status.Should().Be("cancelled");
    }

    [Fact]
    public async Task A_server_that_stops_ends_the_answer_at_once()
    {
        var id = await app.CreateAsync();
        using var response = await FollowAsync(id);
        using var events = await EventStreamReader.OpenAsync(response);
        await events.NextAsync();

        var stopping = app.StopAsync();

        (await events.NextAsync()).Should().BeNull();
        await stopping.WaitAsync(Eventually.Limit); // and not for as long as a stop may take
    }

    private static string TextOf(List<SseEvent> events) => string.Concat(events.Where(e => e.Name == "text").Select(e => e.Text));

    private async Task<string> FollowToEndAsync(string id)
    {
        using var response = await FollowAsync(id);
        using var events = await EventStreamReader.OpenAsync(response);
        var (text, next) = (new StringBuilder(), 0L);
        foreach (var one in await events.ToEndAsync())
        {
            long.Parse(one.Id!).Should().BeGreaterThanOrEqualTo(next);
            next = long.Parse(one.Id!) + 1;
            if (one.Name != "text") continue;
            one.Json.GetProperty("offset").GetInt64().Should().Be(Encoding.UTF8.GetByteCount(text.ToString()));
            text.Append(one.Text);
        }

        return text.ToString();
    }

    private Task<HttpResponseMessage> FollowAsync(string id, long? after = null) => app.Client.GetAsync(
        $"/v1/streams/{id}/events{(after is null ? "" : $"?after={after}")}", HttpCompletionOption.ResponseHeadersRead);
}
