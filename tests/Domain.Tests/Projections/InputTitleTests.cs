namespace EventSourcedStreams.Domain.Tests;

public sealed class InputTitleTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("{}", null)]
    [InlineData("[1,2]", null)]
    [InlineData("\"Just words\"", "Just words")]
    [InlineData("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"  Why\n is   it? "}]}""", "Why is it?")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"},{"type":"text","text":"In parts"}]}]}""", "In parts")]
    [InlineData("""{"messages":"no list","prompt":"A prompt"}""", "A prompt")]
    [InlineData("""{"apiKey":"k-1","model":"m","question":"Asked?"}""", "Asked?")]
    [InlineData("""{"apiKey":"k-1","rate":5}""", null)]
    [InlineData("""{"prompt":"   "}""", null)]
    [InlineData("""{"prompt":17,"text":"T"}""", "T")]
    [InlineData("""{"prompt":"\ud800"}""", null)]
    [InlineData("""{"messages":[{"role":1},{"role":"user"},7,{"role":"user","content":{}}]}""", null)]
    public void A_title_is_what_a_person_asked_for(string? input, string? title) => InputTitle.Of(input).Should().Be(title);

    [Fact]
    public void A_long_one_is_cut_between_characters()
    {
        var title = InputTitle.Of($"\"{new string('x', InputTitle.MaxChars - 1)}😀{new string('y', 100_000)}\"");

        title.Should().Be(new string('x', InputTitle.MaxChars - 1));
    }
}
