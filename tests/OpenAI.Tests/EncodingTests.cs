using System.IO.Compression;
using System.Text;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>Compression that was not asked for is undone.</summary>
public sealed class EncodingTests
{
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";

    private readonly RecordingAppender output = new();

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "deflate")]
    [InlineData("br", "br")]
    [InlineData("identity", "")]
    [InlineData("gzip", "")]
    [InlineData(null, "gzip")]
    [InlineData("br", "")]
    [InlineData("deflate", "")]
    public async Task What_is_compressed_is_read(string? said, string compressed)
    {
        await using var provider = await StartAsync(Sends(said, Compressed(compressed, Events(Delta("Grüße"), Finish("stop"), "[DONE]"))));

        (await Source(provider).RunAsync(output, Hello)).FinishReason.Should().Be("stop");

        output.Text.Should().Be("Grüße");
        provider.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_compressed_answer_that_is_cut_short_is_an_error_that_keeps_the_text()
    {
        var all = Compressed("gzip", Events(Delta("first")), Events(Delta("second"), Finish("stop"), "[DONE]"));
        var half = Compressed("gzip", Events(Delta("first"))).Length - 8;
        await using var provider = await StartAsync(Sends("gzip", all[..half]));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Code.Should().Be("provider-interrupted");

        output.Text.Should().Be("first");
    }

    [Fact]
    public async Task A_compressed_refusal_keeps_its_words()
    {
        await using var provider = await StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return Sends("gzip", Compressed("gzip", """{"error":{"message":"no such model"}}"""))(context);
        });

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Message.Should().EndWith("It says: no such model");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip")]
    public async Task A_body_that_is_not_what_its_encoding_says_is_no_fault_of_the_server(string said)
    {
        await using var provider = await StartAsync(Sends(said, [0x1f, 0x8b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));

        var time = new ManualTime();
        var failure = await new OpenAISource(new OpenAIOptions { BaseUrl = provider.BaseUrl }, time).RunAsync(output, Hello).AdvancingAsync(time).FailureAsync();

        failure.Code.Should().BeOneOf("provider-interrupted", "provider-error");
    }

    [Fact]
    public async Task An_encoding_that_cannot_be_undone_is_named()
    {
        await using var provider = await StartAsync(Sends("zstd", [1, 2, 3]));

        (await Source(provider).RunAsync(output, Hello).FailureAsync()).Message.Should().Contain("'zstd'");

        provider.Requests.Should().HaveCount(1);
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate Sends(string? encoding, byte[] body) => context =>
    {
        context.Response.Headers.ContentEncoding = encoding;
        return SendAsync(context, body);
    };

    /// <summary>Each part is flushed by itself, as a server does that streams.</summary>
    private static byte[] Compressed(string how, params string[] parts)
    {
        var bytes = new MemoryStream();
        using (Stream compressing = how switch
        {
            "gzip" => new GZipStream(bytes, CompressionMode.Compress, leaveOpen: true),
            "zlib" => new ZLibStream(bytes, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new DeflateStream(bytes, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(bytes, CompressionMode.Compress, leaveOpen: true),
            _ => new BufferedStream(bytes),
        })
        {
            foreach (var part in parts)
            {
                compressing.Write(Encoding.UTF8.GetBytes(part));
                compressing.Flush();
            }

            if (how.Length == 0) return bytes.ToArray();
        }

        return bytes.ToArray();
    }

    private static OpenAISource Source(StubProvider provider) => new(new OpenAIOptions { BaseUrl = provider.BaseUrl }, new ManualTime());
}
