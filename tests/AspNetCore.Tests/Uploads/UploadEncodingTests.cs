using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Uploads;

/// <summary>Uploads that are compressed, in another charset, or not all text.</summary>
public sealed class UploadEncodingTests : IAsyncLifetime
{
    private const int MaxLength = 300_000;

    private static readonly string Text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i}: Grüße, 日本 👩‍🚀.\r\n"));

    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new()
    {
        Options = new StreamEngineOptions { Driving = new DrivingLimits { MaxLength = MaxLength } },
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "deflate")]
    [InlineData("br", "br")]
    [InlineData("identity", "")]
    [InlineData("identity, gzip", "gzip")]
    [InlineData("gzip, br", "gzip,br")]
    [InlineData("deflate,gzip , br", "zlib,gzip,br")]
    [InlineData("gzip", "gzip+gzip")] // two members, one behind the other, are one text
    [InlineData("gzip", "gzip+zeros")]
    public async Task A_compressed_body_is_the_text_that_it_was(string header, string applied)
    {
        var text = Text[..50_000];
        var body = applied switch
        {
            "gzip+gzip" => [.. Compressed(Encoding.UTF8.GetBytes(text[..20_000]), "gzip"), .. Compressed(Encoding.UTF8.GetBytes(text[20_000..]), "gzip")],
            "gzip+zeros" => [.. Compressed(Encoding.UTF8.GetBytes(text), "gzip"), .. new byte[512]],
            _ => applied.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(Encoding.UTF8.GetBytes(text), Compressed),
        };

        var (response, stream) = await UploadAsync(body, contentEncoding: header);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        stream.GetProperty("text").GetString().Should().Be(text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_that_is_cut_short_anywhere_is_an_error_and_keeps_its_text(string coding)
    {
        var text = Text[..3000];
        var whole = Compressed(Encoding.UTF8.GetBytes(text), coding);
        foreach (var length in Enumerable.Range(1, 20).Select(i => i * (whole.Length - 1) / 20).Append(whole.Length - 1))
        {
            var (response, stream) = await UploadAsync(whole[..length], contentEncoding: coding == "zlib" ? "deflate" : coding);

            response.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} of {1} bytes", length, whole.Length);
            (await TypeOfAsync(response)).Should().Be("/problems/upload-interrupted");
            stream.GetProperty("status").GetString().Should().Be("error");
            text.Should().StartWith(stream.GetProperty("text").GetString());
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task What_is_not_of_its_coding_is_an_error(string coding)
    {
        var (response, stream) = await UploadAsync([.. Enumerable.Repeat((byte)0xF7, 500)], contentEncoding: coding);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await TypeOfAsync(response)).Should().BeOneOf("/problems/invalid-encoding", "/problems/upload-interrupted");
        stream.GetProperty("status").GetString().Should().Be("error");
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 40)]
    [InlineData("gzip", 20_000)]
    [InlineData("zlib", 1)]
    [InlineData("zlib", 40)]
    [InlineData("deflate", 1)]
    [InlineData("deflate", 20_000)]
    [InlineData("br", 1)]
    [InlineData("br", 40)]
    [InlineData("br", 20_000)]
    public async Task What_follows_the_end_of_the_compressed_data_is_an_error_and_not_passed_over(string coding, int more)
    {
        var text = Text[..3000];
        byte[] body = [.. Compressed(Encoding.UTF8.GetBytes(text), coding), .. Enumerable.Repeat((byte)'x', more)];

        var (response, stream) = await UploadAsync(body, contentEncoding: coding == "zlib" ? "deflate" : coding);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await TypeOfAsync(response)).Should().Be("/problems/invalid-encoding");
        stream.GetProperty("status").GetString().Should().Be("error");
        stream.GetProperty("text").GetString().Should().Be(text);
    }

    [Fact]
    public async Task What_follows_the_end_of_data_that_were_compressed_twice_is_an_error_in_either()
    {
        var inner = Compressed(Encoding.UTF8.GetBytes(Text[..3000]), "gzip");

        var (inside, _) = await UploadAsync(Compressed([.. inner, (byte)'x'], "br"), contentEncoding: "gzip, br");
        var (outside, _) = await UploadAsync([.. Compressed(inner, "br"), (byte)'x'], contentEncoding: "gzip, br");

        (await TypeOfAsync(inside)).Should().Be("/problems/invalid-encoding");
        (await TypeOfAsync(outside)).Should().Be("/problems/invalid-encoding");
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    [InlineData("aes128gcm")]
    [InlineData("gzip, gzip, gzip, gzip")]
    public async Task Another_coding_is_refused_before_the_claim(string coding)
    {
        var (response, stream) = await UploadAsync("x"u8.ToArray(), contentEncoding: coding);

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        response.Headers.GetValues("Accept-Encoding").Should().Equal("gzip, deflate, br");
        stream.GetProperty("status").GetString().Should().Be("pending");
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, gzip", "gzip,gzip")]
    public async Task A_body_that_becomes_more_than_a_stream_holds_ends_at_that(string header, string applied)
    {
        var bomb = applied.Split(',').Aggregate(new byte[200_000_000], Compressed);

        var (response, stream) = await UploadAsync(bomb, contentEncoding: header);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        stream.GetProperty("length").GetInt64().Should().Be(MaxLength);
        stream.GetProperty("error").GetProperty("code").GetString().Should().Be("too-long");
    }

    [Fact]
    public async Task A_coding_that_becomes_much_and_in_the_end_nothing_is_bounded_too()
    {
        var empty = Compressed([], "gzip");
        var members = Compressed([.. Enumerable.Repeat(empty, 500_000).SelectMany(member => member)], "gzip");

        var (response, stream) = await UploadAsync(members, contentEncoding: "gzip, gzip");

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        stream.GetProperty("length").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task What_is_compressed_comes_as_it_is_sent()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive") { Content = new LiveContent(WriteAsync) };
        request.Content.Headers.ContentEncoding.Add("gzip");

        using var response = await app.Client.SendAsync(request);

        async Task WriteAsync(Stream body)
        {
            await using var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
            foreach (var line in (string[])["One.\n", "Two.\n"])
            {
                await gzip.WriteAsync(Encoding.UTF8.GetBytes(line));
                await gzip.FlushAsync();
                await Eventually.UntilAsync("the line is there", async () => (await app.GetAsync(id)).GetProperty("text").GetString()!.EndsWith(line, StringComparison.Ordinal));
            }
        }

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("iso-8859-1", "caf\u00e9")]
    [InlineData("ISO-8859-15", "5 \u20ac")]
    [InlineData("\"windows-1252\"", "\u201cquoted\u201d")]
    [InlineData("utf-16", "h\u00e9 \ud83d\ude80\r\n")]
    [InlineData("shift_jis", "\u65e5\u672c\u8a9e")]
    [InlineData("gb18030", "\u4e2d\u6587 \ud83d\ude80")]
    public async Task Text_in_another_charset_is_converted(string charset, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim('"')) ?? Encoding.GetEncoding(charset.Trim('"'));

        var (response, stream) = await UploadAsync(encoding.GetBytes(text), $"text/plain; charset={charset}");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        stream.GetProperty("text").GetString().Should().Be(text);
    }

    [Fact]
    public async Task A_charset_that_is_not_known_is_refused_before_the_claim()
    {
        var (response, stream) = await UploadAsync("x"u8.ToArray(), "text/plain; charset=klingon");

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        stream.GetProperty("status").GetString().Should().Be("pending");
    }

    [Theory]
    [InlineData("text/plain;")]
    [InlineData("text/plain; ;charset=utf-8;")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/x-ndjson; charset=utf-8")]
    [InlineData("application/jsonl")]
    public async Task What_clients_call_text_is_taken(string contentType)
    {
        var (response, stream) = await UploadAsync("{}\n"u8.ToArray(), contentType);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        stream.GetProperty("text").GetString().Should().Be("{}\n");
    }

    [Fact]
    public async Task A_compressed_text_in_another_charset_is_both()
    {
        var body = Compressed(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Text[..30_000])).ToArray(), "gzip");

        var (response, stream) = await UploadAsync(body, "text/plain; charset=utf-16", contentEncoding: "gzip");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        stream.GetProperty("text").GetString().Should().Be(Text[..30_000]);
    }

    [Fact]
    public async Task What_is_no_text_is_an_error_or_is_replaced_and_counted()
    {
        byte[] body = [.. "caf"u8, 0xE9, .. "\nreal \uFFFD stays\n"u8, 0xED, 0xA0, 0xBD, (byte)'\n', 0xF0, 0x9F];

        var (strict, kept) = await UploadAsync(body);
        var (replaced, stream) = await UploadAsync(body, query: "?invalid=replace");

        strict.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        kept.GetProperty("text").GetString().Should().Be("caf");
        replaced.StatusCode.Should().Be(HttpStatusCode.OK);
        stream.GetProperty("text").GetString().Should().Be("caf\uFFFD\nreal \uFFFD stays\n\uFFFD\uFFFD\uFFFD\n\uFFFD");
        stream.GetProperty("replaced").GetInt64().Should().Be(5);
        var ending = (await app.Engine.Log.ReadLastAsync(new(stream.GetProperty("id").GetString()!), default))!.Event;
        ending.Should().BeOfType<StreamEvent.StreamCompleted>().Which.Replaced.Should().Be(5);
    }

    [Fact]
    public async Task A_text_without_a_fault_says_that_none_was_replaced_where_that_was_asked_for_and_nothing_elsewhere()
    {
        var (_, asked) = await UploadAsync("fine"u8.ToArray(), query: "?invalid=replace");
        var (_, empty) = await UploadAsync([], query: "?invalid=replace");
        var (_, plain) = await UploadAsync("fine"u8.ToArray());

        asked.GetProperty("replaced").GetInt64().Should().Be(0);
        empty.GetProperty("replaced").GetInt64().Should().Be(0);
        plain.TryGetProperty("replaced", out _).Should().BeFalse();
    }

    [Fact]
    public async Task An_ending_that_is_no_good_one_counts_what_was_replaced_too()
    {
        byte[] body = [0xFF, .. Enumerable.Repeat((byte)'x', MaxLength)];

        var (response, stream) = await UploadAsync(body, query: "?invalid=replace");

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        stream.GetProperty("replaced").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Invalid_is_replace_or_left_out()
    {
        var (response, stream) = await UploadAsync("x"u8.ToArray(), query: "?invalid=ignore");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString().Should().Be("invalid");
        stream.GetProperty("status").GetString().Should().Be("pending");
    }

    private static byte[] Compressed(byte[] bytes, string coding)
    {
        var to = new MemoryStream();
        using (Stream coder = coding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest),
            "zlib" => new ZLibStream(to, CompressionLevel.Fastest),
            "deflate" => new DeflateStream(to, CompressionLevel.Fastest),
            "br" => new BrotliStream(to, CompressionLevel.Fastest),
            _ => throw new ArgumentException(coding, nameof(coding)),
        })
        {
            coder.Write(bytes);
        }

        // Nothing written makes no member at all.
        return to.ToArray() is { Length: > 0 } coded ? coded : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static async Task<string?> TypeOfAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    private async Task<(HttpResponseMessage Response, JsonElement Stream)> UploadAsync(
        byte[] body, string? contentType = null, string? contentEncoding = null, string query = "")
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive{query}") { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (contentEncoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", contentEncoding);
        return (await app.Client.SendAsync(request), await app.GetAsync(id));
    }

    private sealed class LiveContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
