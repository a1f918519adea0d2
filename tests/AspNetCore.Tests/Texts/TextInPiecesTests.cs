using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Texts;

/// <summary>A text that is many pieces long is sent as it was written, whole or in part, and is not held.</summary>
public sealed class TextInPiecesTests : IAsyncLifetime
{
    /// <summary>Several pieces of 64 KiB.</summary>
    private const int Lines = 6000;

    private TextStreamsApp app = null!;
    private NearNodeStore store = null!;
    private RefusingLog refusing = null!;
    private string id = null!;
    private byte[] text = null!;

    public async Task InitializeAsync()
    {
        app = await TextStreamsApp.StartAsync(new() { Wrap = inner => refusing = new RefusingLog(store = new NearNodeStore(inner)) });
        text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i => $"Line {i}: für \"漢字\", 🙂\tund\\so\r\n")));
        id = await app.CreateAsync(new { source = "upload" });
        using var upload = await app.Client.PostAsync($"/v1/streams/{id}/drive", new ByteArrayContent(text));
        upload.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task It_is_the_same_in_every_answer_read_from_the_log_and_from_what_is_kept()
    {
        for (var i = 0; i < 2; i++)
        {
            using var plain = await app.Client.GetAsync($"/v1/streams/{id}/text");
            plain.Content.Headers.ContentLength.Should().Be(text.Length);
            (await plain.Content.ReadAsByteArrayAsync()).Should().Equal(text);
            var query = await app.GetAsync(id);
            query.GetProperty("text").GetString().Should().Be(Encoding.UTF8.GetString(text));
            query.GetProperty("labels").ValueKind.Should().Be(JsonValueKind.Object, "what stands behind the text is there too");
            using var follow = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
            using var events = await EventStreamReader.OpenAsync(follow);
            string.Concat((await events.ToEndAsync()).Where(e => e.Name == "text").Select(e => e.Text)).Should().Be(Encoding.UTF8.GetString(text));
        }

        app.Engine.Memory.Cached.Should().BeGreaterThan(text.Length);
        await Eventually.UntilAsync("nothing is held any more", () => app.Engine.Memory.Held == 0);
    }

    [Fact]
    public async Task Events_whose_pieces_are_all_kept_come_with_their_length_and_are_the_same()
    {
        var (first, unknown) = await EventsAsync();
        var (again, length) = await EventsAsync();

        unknown.Should().BeNull();
        length.Should().Be(first.Length);
        again.Should().Equal(first);
        app.Engine.Memory.Close();
        (await EventsAsync()).Bytes.Should().Equal(first, "what was let go of is read anew");

        async Task<(byte[] Bytes, long? Length)> EventsAsync()
        {
            using var answer = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
            var length = answer.Content.Headers.ContentLength;
            return (await answer.Content.ReadAsByteArrayAsync(), length);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_range_of_bytes_is_what_stands_there(bool isKept)
    {
        if (isKept) await app.Client.GetByteArrayAsync($"/v1/streams/{id}/text");
        var random = new Random(7);
        var ranges = Enumerable.Range(0, 30)
            .Select(_ => random.Next(text.Length))
            .Select(from => (From: from, To: Math.Min(text.Length - 1, from + random.Next(90_000))))
            .Append((0, 0)).Append((text.Length - 1, text.Length - 1)).Append((0, text.Length - 1)).Append((65_535, 65_536));
        foreach (var (from, to) in ranges)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/text") { Headers = { Range = new RangeHeaderValue(from, to) } };
            using var answer = await app.Client.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.PartialContent);
            answer.Content.Headers.ContentRange!.ToString().Should().Be($"bytes {from}-{to}/{text.Length}");
            (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(text[from..(to + 1)]);
        }
    }

    [Theory]
    [InlineData("bytes=0-9,20-29", HttpStatusCode.OK)]
    [InlineData("lines=0-9", HttpStatusCode.OK)]
    [InlineData("bytes=9-0", HttpStatusCode.OK)]
    [InlineData("bytes=-0", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=99999999-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=0-99999999", HttpStatusCode.PartialContent)]
    [InlineData("bytes=-99999999", HttpStatusCode.PartialContent)]
    public async Task A_range_that_cannot_be_is_told_from_one_that_is_none(string range, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v1/streams/{id}/text");
        request.Headers.TryAddWithoutValidation("Range", range);

        using var answer = await app.Client.SendAsync(request);

        answer.StatusCode.Should().Be(status);
        if (status == HttpStatusCode.OK) answer.Content.Headers.ContentLength.Should().Be(text.Length);
    }

    [Theory]
    [InlineData("HEAD", "", 4)]
    [InlineData("HEAD", "/text", 4)]
    [InlineData("GET", "?text=false", 4)]
    [InlineData("GET", "?at=3&text=false", 6)]
    [InlineData("GET", "?at=2999-01-01T00:00:00Z&text=false", 6)]
    public async Task What_needs_no_text_reads_none(string method, string path, int events)
    {
        await ListedAsync();
        store.ForgetReads();

        using var answer = await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/streams/{id}{path}"));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).Length.Should().BeLessThan(2000);
        store.Reads.Sum(read => read.Events).Should().BeLessThanOrEqualTo(events);
        app.Engine.Memory.Cached.Should().Be(0);
    }

    [Fact]
    public async Task A_small_range_reads_a_small_part()
    {
        await ListedAsync();
        var chunks = await ChunksAsync();
        store.ForgetReads();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/text") { Headers = { Range = new RangeHeaderValue(200_000, 200_079) } };

        using var answer = await app.Client.SendAsync(request);

        (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(text[200_000..200_080]);
        store.Reads.Sum(read => read.Events).Should().BeLessThan((2 * (int)Math.Log2(chunks)) + 15);
    }

    [Fact]
    public async Task As_it_was_is_the_beginning_up_to_then()
    {
        var chunks = await ChunksAsync();
        foreach (var revision in (long[])[2, chunks / 2, chunks])
        {
            var then = await app.Client.GetFromJsonAsync<JsonElement>($"/v1/streams/{id}?at={revision}");
            var length = then.GetProperty("length").GetInt32();
            then.GetProperty("text").GetString().Should().Be(Encoding.UTF8.GetString(text[..length]));
        }
    }

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    [InlineData("/events")]
    public async Task Damage_behind_the_first_piece_cuts_the_answer_and_never_ends_it_well(string path)
    {
        refusing.Damaged = ($"text-{id}", await ChunksAsync() + 1);               // the last text
        refusing.Change = data => data.Replace("Line", "Lime", StringComparison.Ordinal);

        using var answer = await app.Client.GetAsync($"/v1/streams/{id}{path}", HttpCompletionOption.ResponseHeadersRead);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        await answer.Content.Awaiting(c => c.ReadAsByteArrayAsync()).Should().ThrowAsync<HttpRequestException>();
    }

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    [InlineData("/events")]
    public async Task Damage_at_the_beginning_is_said(string path)
    {
        refusing.Damaged = ($"text-{id}", 2);
        refusing.Change = data => data.Replace("Line", "Lime", StringComparison.Ordinal);

        using var answer = await app.Client.GetAsync($"/v1/streams/{id}{path}");

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Theory]
    [InlineData("/text")]
    [InlineData("")]
    public async Task Damage_in_the_ending_of_a_short_text_is_said(string path)
    {
        var brief = await app.CreateDoneAsync("One. ", "Two.");
        var ending = (await app.Engine.Summaries.FindAsync(new(brief), default))!.Head.Revision.Value;
        refusing.Damaged = ($"text-{brief}", ending);
        refusing.Change = data => data.Replace("\"chunks\":", "\"other\":0,\"chunks\":", StringComparison.Ordinal);

        using var answer = await app.Client.GetAsync($"/v1/streams/{brief}{path}");

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("log-damaged");
    }

    private Task ListedAsync() => Eventually.UntilAsync("the list has the ending, and so reads nothing more of it", async () =>
        (await app.Client.GetFromJsonAsync<JsonElement>("/v1/streams?status=done")).GetProperty("items").GetArrayLength() == 1);

    private async Task<long> ChunksAsync() => (await app.Engine.Summaries.FindAsync(new(id), default))!.Summary.Chunks;
}
