using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Uploads;

/// <summary>An upload goes on after a lost connection where its first request asked for that.</summary>
public sealed class ContinuedUploadTests : IAsyncLifetime
{
    /// <summary>Set it to try another run, and <c>UPLOAD_CUTS</c> for a longer one.</summary>
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("UPLOAD_SEED") ?? "20261128");

    private static readonly int Cuts = int.Parse(Environment.GetEnvironmentVariable("UPLOAD_CUTS") ?? "200");

    private static readonly string[] Alphabet = ["a", "b ", "é", "漢", "👩‍🚀", "\r\n", ". ", "\uFFFD", "\uFEFF"];

    private readonly ITestLog log = new LocalLog();
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Log = log });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task However_often_and_wherever_it_is_cut_nothing_is_lost_and_nothing_doubled()
    {
        for (var (cuts, number) = (0, 0); cuts < Cuts; number++) cuts += await UploadOverCutsAsync(number);
    }

    [Fact]
    public async Task Without_continue_a_cut_ends_it()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using (var response = await app.Client.SendAsync(Request(id, "done"u8.ToArray(), offset: null)))
            response.StatusCode.Should().Be(HttpStatusCode.OK);

        using var head = await HeadAsync(id);

        head.StatusCode.Should().Be(HttpStatusCode.OK);
        Header(head, "Upload-Offset").Should().Be("4");
        Header(head, "Upload-Complete").Should().Be("?1");
    }

    [Fact]
    public async Task A_complete_body_ends_it_well()
    {
        var id = await app.CreateAsync(new { source = "upload" });

        using var response = await app.Client.SendAsync(Request(id, "All at once."u8.ToArray(), offset: 0));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString().Should().Be("done");
        Header(response, "Upload-Offset").Should().Be("12");
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("All at once.");
    }

    [Fact]
    public async Task What_head_says_is_durable_and_a_half_character_is_not()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        (await OffsetAsync(id)).Should().Be(0);
        using var first = await UploadConnection.OpenAsync(app.BaseAddress, id, 0);
        await first.SendAsync("é and half of é: "u8.ToArray());
        await first.SendAsync("é"u8.ToArray().AsMemory(0, 1));
        first.Cut(reset: false);

        await Eventually.UntilAsync("all but the half is durable", async () => await OffsetAsync(id) == 19);
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("é and half of é: ");
        using var rest = await app.Client.SendAsync(Request(id, "é."u8.ToArray(), offset: 19));

        rest.StatusCode.Should().Be(HttpStatusCode.OK);
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("é and half of é: é.");
    }

    [Fact]
    public async Task A_later_connection_fences_an_earlier_one_and_repeats_nothing()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var first = await UploadConnection.OpenAsync(app.BaseAddress, id, 0);
        await first.SendAsync("One. "u8.ToArray());
        await Eventually.UntilAsync("it is durable", async () => await OffsetAsync(id) == 5);

        using var second = await UploadConnection.OpenAsync(app.BaseAddress, id, 2);
        await second.SendAsync("e. Two. "u8.ToArray());
        await Eventually.UntilAsync("it goes on", async () => await OffsetAsync(id) == 10);
        await SendLateAsync(first, "never counted"u8.ToArray());
        var (status, answer) = await first.AnswerAsync();
        await second.CompleteAsync();

        (status, answer).Should().Match<(HttpStatusCode Status, string Answer)>(
            fenced => fenced.Status == HttpStatusCode.Conflict && fenced.Answer.Contains("/problems/upload-continued"));
        (await second.AnswerAsync()).Status.Should().Be(HttpStatusCode.OK);
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("One. Two. ");
    }

    [Fact]
    public async Task An_offset_beyond_is_a_conflict_that_says_the_right_one()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var early = await app.Client.SendAsync(Request(id, "x"u8.ToArray(), offset: 7));
        using var part = await app.Client.SendAsync(Request(id, "Part. "u8.ToArray(), offset: 0, complete: "?0"));

        using var beyond = await app.Client.SendAsync(Request(id, "x"u8.ToArray(), offset: 7));

        part.StatusCode.Should().Be(HttpStatusCode.NoContent);
        Header(part, "Upload-Offset").Should().Be("6");
        foreach (var (response, right, status) in (((HttpResponseMessage, string, string)[])[(early, "0", "pending"), (beyond, "6", "streaming")]))
        {
            response.StatusCode.Should().Be(HttpStatusCode.Conflict);
            Header(response, "Upload-Offset").Should().Be(right);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("type").GetString().Should().Be("/problems/upload-offset");
            problem.GetProperty("streamStatus").GetString().Should().Be(status);
        }

        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("streaming");
    }

    [Fact]
    public async Task A_body_that_ends_before_what_is_there_is_not_its_rest()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var part = await app.Client.SendAsync(Request(id, "0123456789"u8.ToArray(), offset: 0, complete: "?0"));

        using var shorter = await app.Client.SendAsync(Request(id, "01234"u8.ToArray(), offset: 0));
        using var rest = await app.Client.SendAsync(Request(id, [], offset: 10));

        shorter.StatusCode.Should().Be(HttpStatusCode.Conflict);
        Header(shorter, "Upload-Offset").Should().Be("10");
        rest.StatusCode.Should().Be(HttpStatusCode.OK);
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("0123456789");
    }

    [Fact]
    public async Task Its_idle_timeout_ends_it_while_no_connection_comes()
    {
        var time = new ManualTime();
        await using var timed = await TextStreamsApp.StartAsync(new() { Time = time });
        var id = await timed.CreateAsync(new { source = "upload", idleTimeoutSeconds = 60 });
        using (var first = await UploadConnection.OpenAsync(timed.BaseAddress, id, 0))
        {
            await first.SendAsync("Then silence."u8.ToArray());
            await Eventually.UntilAsync("it has come", async () =>
            {
                // Not before it is there: the clock would run away from a connection that is slow.
                if (timed.Engine.Drivers.UnsavedBytes > 0) time.Advance(TimeSpan.FromMilliseconds(200));
                return (await timed.GetAsync(id)).GetProperty("length").GetInt64() == 13;
            });
            first.Cut(reset: true);
        }

        await Eventually.UntilAsync("it has ended", async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await timed.GetAsync(id)).GetProperty("status").GetString() == "timeout";
        });

        using var late = await timed.Client.SendAsync(Request(id, "x"u8.ToArray(), offset: 13));
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await late.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().Should().Be("/problems/stream-ended");
    }

    [Fact]
    public async Task On_another_node_the_driving_one_is_named()
    {
        await using var other = await TextStreamsApp.StartAsync(new() { Log = log, Node = "node-2" });
        var id = await app.CreateAsync(new { source = "upload" });
        using var part = await app.Client.SendAsync(Request(id, "Part. "u8.ToArray(), offset: 0, complete: "?0"));

        using var again = await other.Client.SendAsync(Request(id, "Part. Two."u8.ToArray(), offset: 0));
        using var elsewhere = await other.Client.SendAsync(Request(id, "Two."u8.ToArray(), offset: 6));
        using var head = await other.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/streams/{id}/drive"));

        foreach (var response in (HttpResponseMessage[])[again, elsewhere, head])
        {
            response.StatusCode.Should().Be(HttpStatusCode.Conflict);
            Header(response, "Link").Should().Be(
                $"</v1/streams/{id}/events>; rel=\"follow\", </v1/streams/{id}/drive>; rel=\"driver\"; node=\"node-1\"");
        }

        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("Part. ");
    }

    [Theory]
    [InlineData("Content-Type", "text/plain; charset=utf-16", "Content-Type")]
    [InlineData("Content-Encoding", "gzip", "Content-Encoding")]
    [InlineData("Upload-Offset", "-1", "Upload-Offset")]
    [InlineData("Upload-Offset", "many", "Upload-Offset")]
    [InlineData("Upload-Offset", null, "Upload-Offset")]
    [InlineData("Upload-Complete", "yes", "Upload-Complete")]
    [InlineData("?", "&invalid=replace", "invalid")]
    public async Task What_cannot_be_continued_is_refused_before_the_claim(string header, string? value, string field)
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?continue=true{(header == "?" ? value : "")}");
        request.Content = new ByteArrayContent("x"u8.ToArray());
        if (header != "Upload-Offset") request.Headers.TryAddWithoutValidation("Upload-Offset", "0");
        if (header != "?" && value is not null && !request.Headers.TryAddWithoutValidation(header, value))
            request.Content.Headers.TryAddWithoutValidation(header, value);

        using var response = await app.Client.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be(field);
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("pending");
    }

    [Fact]
    public async Task Only_an_upload_can_be_continued()
    {
        var id = await app.CreateAsync();

        using var response = await app.Client.SendAsync(Request(id, [], offset: 0));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("pending");
    }

    [Fact]
    public async Task A_text_that_is_not_utf8_ends_it_and_says_so_to_the_connection_of_that_moment()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var part = await app.Client.SendAsync(Request(id, "good "u8.ToArray(), offset: 0, complete: "?0"));

        using var bad = await UploadConnection.OpenAsync(app.BaseAddress, id, 5);
        await bad.SendAsync(new byte[] { 0xFF });
        var (status, answer) = await bad.AnswerAsync();

        status.Should().Be(HttpStatusCode.BadRequest);
        answer.Should().Contain("/problems/invalid-utf8");
    }

    [Fact]
    public async Task Each_connection_is_told_what_is_saved_and_how_it_ended()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var part = await app.Client.SendAsync(Request(id, "One. "u8.ToArray(), offset: 0, complete: "?0"));
        using var last = Request(id, "Two."u8.ToArray(), offset: 5);
        last.Headers.TryAddWithoutValidation("Accept", "text/event-stream");

        using var response = await app.Client.SendAsync(last, HttpCompletionOption.ResponseHeadersRead);
        using var events = await EventStreamReader.OpenAsync(response);
        var all = await events.ToEndAsync();

        all.Select(one => one.Name).Should().OnlyContain(name => name == "saved" || name == "end");
        all[^1].Json.GetProperty("length").GetInt64().Should().Be(9);
        all[^1].Status.Should().Be("done");
    }

    [Fact]
    public async Task An_end_whose_answer_was_lost_can_be_said_again()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using (var first = await UploadConnection.OpenAsync(app.BaseAddress, id, 0))
        {
            await first.SendAsync("All."u8.ToArray());
            await first.CompleteAsync();
            first.Cut(reset: false);
        }

        await Eventually.UntilAsync("it has ended", async () => (await app.GetAsync(id)).GetProperty("status").GetString() == "done");
        using var head = await HeadAsync(id);
        Header(head, "Upload-Complete").Should().Be("?1");
    }

    /// <returns>How often it was cut.</returns>
    private async Task<int> UploadOverCutsAsync(int number)
    {
        var random = new Random(Seed + number);
        var text = string.Concat(Enumerable.Range(0, 500 + random.Next(500)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        var bytes = Encoding.UTF8.GetBytes(text);
        var id = await app.CreateAsync(new { source = "upload" });
        var (cuts, held) = (0, new List<UploadConnection>());
        while (cuts < 25)
        {
            // Mostly where the server says, sometimes further back, and sometimes while an earlier connection still
            // stands.
            var offset = cuts == 0 ? 0 : await OffsetAsync(id);
            if (random.Next(4) == 0) offset = random.NextInt64(offset + 1);
            var connection = await UploadConnection.OpenAsync(app.BaseAddress, id, offset);
            var end = Math.Min(bytes.Length, offset + random.Next(120));
            await SendPiecesAsync(connection, bytes.AsMemory((int)offset..(int)end), random);
            if (random.Next(3) == 0) held.Add(connection);
            else connection.Cut(reset: random.Next(2) == 0);
            cuts++;
        }

        await FinishAsync(id, bytes).WaitAsync(Eventually.Limit);
        held.ForEach(connection => connection.Dispose());

        var stored = await app.GetAsync(id);
        stored.GetProperty("status").GetString().Should().Be("done");
        stored.GetProperty("text").GetString().Should().Be(text, "stream {0} of seed {1}", number, Seed);
        return cuts;
    }

    /// <summary>A connection that was cut may be served late, and fence this one: then it is tried again, as clients
    /// have to.</summary>
    private async Task FinishAsync(string id, byte[] bytes)
    {
        while (true)
        {
            var from = await OffsetAsync(id);
            using var last = await UploadConnection.OpenAsync(app.BaseAddress, id, from);
            await last.SendAsync(bytes.AsMemory((int)from));
            await last.CompleteAsync();
            var (status, answer) = await last.AnswerAsync();
            if (status == HttpStatusCode.OK) return;
            answer.Should().Contain("/problems/upload-continued");
        }
    }

    /// <summary>In pieces; the last chunk says more than it brings, now and then.</summary>
    private static async Task SendPiecesAsync(UploadConnection connection, ReadOnlyMemory<byte> bytes, Random random)
    {
        while (bytes.Length > 0)
        {
            var length = Math.Min(bytes.Length, 1 + random.Next(60));
            if (length == bytes.Length && random.Next(2) == 0)
            {
                await connection.SendRawAsync(Encoding.ASCII.GetBytes($"{length + 10:x}\r\n"));
                await connection.SendRawAsync(bytes);
                return;
            }

            await connection.SendAsync(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    /// <summary>To a connection that has its answer: the server reads on for 5 s, and closes it then.</summary>
    private static async Task SendLateAsync(UploadConnection connection, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await connection.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // It is closed: on a busy machine it took longer.
        }
    }

    private static HttpRequestMessage Request(string id, byte[] body, long? offset, string? complete = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive{(offset is null ? "" : "?continue=true")}")
        {
            Content = new ByteArrayContent(body),
        };
        if (offset is not null) request.Headers.TryAddWithoutValidation("Upload-Offset", $"{offset}");
        if (complete is not null) request.Headers.TryAddWithoutValidation("Upload-Complete", complete);
        return request;
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    private Task<HttpResponseMessage> HeadAsync(string id) => app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/streams/{id}/drive"));

    private async Task<long> OffsetAsync(string id)
    {
        using var response = await HeadAsync(id);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return long.Parse(Header(response, "Upload-Offset"));
    }
}
