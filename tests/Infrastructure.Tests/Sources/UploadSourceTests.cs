using System.Text;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests.Sources;

public sealed class UploadSourceTests
{
    private readonly UploadSource source = new();
    private readonly RecordingAppender output = new();

    [Fact]
    public async Task A_body_is_the_text_however_it_is_cut()
    {
        const string text = "\uFEFFZüge, 日本, 👩‍🚀 und ein Ende.\r\n";
        var bytes = Encoding.UTF8.GetBytes(text);

        (await source.RunAsync(output, body: new PiecewiseBody([.. bytes.Select(b => new[] { b })]))).Should().Be(SourceResult.Ended);

        output.Text.Should().Be(text);
        output.Pieces.Should().OnlyContain(piece => piece.Length > 0);
    }

    [Fact]
    public async Task A_large_body_passes_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i} 日本👍 "));

        await source.RunAsync(output, body: new MemoryStream(Encoding.UTF8.GetBytes(text)));

        output.Text.Should().Be(text);
    }

    [Fact]
    public async Task An_empty_body_ends_well_with_no_text()
    {
        await source.RunAsync(output, body: new MemoryStream());

        output.Pieces.Should().BeEmpty();
    }

    [Fact]
    public async Task No_body_is_an_error()
    {
        (await source.RunAsync(output).FailureAsync()).Code.Should().Be("no-body");
    }

    [Fact]
    public async Task What_is_not_utf8_is_reported_by_offset_after_all_text_before_it()
    {
        var failure = await source.RunAsync(output, body: new PiecewiseBody([.. "höre"u8], [0xE6, 0x97], [0x41, 0x42])).FailureAsync();

        failure.Code.Should().Be("invalid-utf8");
        failure.Message.Should().Contain("byte offset 5.");
        output.Text.Should().Be("höre");
    }

    [Fact]
    public async Task Half_a_sequence_at_the_end_is_not_utf8()
    {
        var failure = await source.RunAsync(output, body: new PiecewiseBody([.. "ab"u8, 0xF0, 0x9F])).FailureAsync();

        failure.Message.Should().Contain("byte offset 2.");
        output.Text.Should().Be("ab");
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_body_that_breaks_off_keeps_its_text(Type error)
    {
        var body = new PiecewiseBody([.. "kept"u8]) { Error = (Exception)Activator.CreateInstance(error)! };

        (await source.RunAsync(output, body: body).FailureAsync()).Code.Should().Be("upload-interrupted");
        output.Text.Should().Be("kept");
    }

    [Fact]
    public async Task A_cancelled_stream_is_no_interrupted_upload()
    {
        using var end = new CancellationTokenSource();
        var body = new PiecewiseBody([.. "x"u8]) { Error = new IOException() };
        output.Pause();

        var run = source.RunAsync(output, body: body, ct: end.Token);
        await end.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task The_body_is_not_read_on_while_too_much_is_unsaved()
    {
        var body = new PiecewiseBody([.. "one"u8], [.. "two"u8]);
        output.Pause();

        var run = source.RunAsync(output, body: body);
        (output.Text, body.Reads).Should().Be(("one", 1));
        output.Resume();
        await run;

        output.Text.Should().Be("onetwo");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/markdown; charset=UTF-8")]
    [InlineData("TEXT/PLAIN; charset=\"utf-8\"")]
    [InlineData("text/plain; charset=us-ascii")]
    public void Text_in_utf8_is_accepted(string? contentType)
    {
        source.Invoking(upload => upload.ValidateBody(contentType)).Should().NotThrow();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain; charset=klingon")]
    [InlineData("text/plain; charset=utf-7")]
    [InlineData("what")]
    public async Task Anything_else_is_refused_with_what_to_send(string contentType)
    {
        source.Invoking(upload => upload.ValidateBody(contentType)).Should().Throw<InvalidInputException>()
            .Which.Message.Should().Contain("Content-Type: text/plain; charset=utf-8");
        (await source.RunAsync(output, body: new MemoryStream([0x61]), type: contentType).FailureAsync())
            .Code.Should().Be("unsupported-content-type");
        output.Pieces.Should().BeEmpty();
    }

    [Fact]
    public void It_takes_no_input()
    {
        source.Validate(null);
        source.Validate(SourceRun.Json("null"));
        source.RefusedField("{}").Should().Be("input");
    }
}
