using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Tests;

public sealed class TextTests(AllKinds streams) : IClassFixture<AllKinds>
{
    [Theory]
    [InlineData("done", "One. Two 👩‍👩‍👧.\r\n", "")]
    [InlineData("cancelled", "Stop", "")]
    [InlineData("silent", "", "")]
    [InlineData("running", "Goes on", "The stream is streaming: this is its text up to revision 2.\n")]
    public async Task In_a_pipe_the_text_is_exact_and_nothing_else(string id, string text, string note)
    {
        var run = await streams.RunAsync("text", id);

        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().Be(text);
        run.Error.Should().Be(note);
    }

    [Fact]
    public async Task Json_has_the_names_of_the_api()
    {
        var stream = (await streams.RunAsync("text", "failed", "--json")).Json.Should().ContainSingle().Subject;

        stream.GetProperty("text").GetString().Should().Be("Half");
        stream.GetProperty("status").GetString().Should().Be("error");
        stream.GetProperty("error").GetProperty("message").GetString().Should().Be("It <broke>.");
    }
}
