using EventSourcedStreams.TestKit;
using static EventSourcedStreams.OpenAI.Tests.StubProvider;

namespace EventSourcedStreams.OpenAI.Tests;

/// <summary>Sound comes in pieces of base64, good or not.</summary>
public sealed class SoundTests
{
    private const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData("AAEC|AwQF", "AAECAwQF")]
    [InlineData("AAE=|AgM=", "AAECAw==")]                          // each encoded by itself
    [InlineData("A|AECA|wQ", "AAECAwQ=")]                          // cut anywhere, padding left out
    [InlineData("AAE=|!*!*|AgM=", "AAE=!*!*AgM=")]
    [InlineData("!*!*!|*", "!*!*!*")]
    [InlineData("AAEC|Aw|=!|AA", "AAECAw=!AA")]
    [InlineData("AAECA", "AAECA")]
    public async Task No_sound_is_lost_and_what_is_no_base64_goes_on_as_it_came(string pieces, string kept)
    {
        var output = new RecordingAppender();
        var events = pieces.Split('|').Select(piece => $$$$"""{"choices":[{"delta":{"audio":{"data":"{{{{piece}}}}"}}}]}""");
        await using var provider = await StartAsync(Streams([.. events, Finish("stop"), "[DONE]"]));

        await new OpenAISource(new OpenAIOptions { BaseUrl = provider.BaseUrl }, new ManualTime()).RunAsync(output, Hello);

        output.Parts[1].Text.Should().Be(kept);
    }

    [Fact]
    public void Bad_base64_is_not_gathered()
    {
        var joining = new Base64Joining();
        var piece = new string('*', 1000);

        Enumerable.Range(0, 3).Select(_ => joining.Add(piece)).Should().Equal(piece, piece, piece);
    }
}
