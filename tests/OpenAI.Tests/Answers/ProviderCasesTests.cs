using System.Text;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>Answers as real providers send them, each in a file beside what it says. Its first lines say what is
/// special about it.</summary>
public sealed class ProviderCasesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Providers");

    public static TheoryData<string> Cases => [.. Directory.EnumerateFiles(Folder, "*.sse").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_answer_is_told_in_parts(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.sse"));

        (await AnswerTranscript.OfAsync([bytes])).Should().Be(await ExpectedAsync(name));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task How_its_bytes_arrive_changes_nothing(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.sse"));
        var expected = await ExpectedAsync(name);

        foreach (var size in (int[])[1, 7, 64]) (await AnswerTranscript.OfAsync(bytes.Chunk(size))).Should().Be(expected, $"its bytes come by {size}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Its_text_is_what_it_is_without_parts(string name)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.sse"));
        var expected = string.Concat((await ExpectedAsync(name)).Split('\n').Where(line => line.StartsWith("body: ", StringComparison.Ordinal)).Select(line => line[6..]));

        (await AnswerOutcome.OfAsync([bytes])).Text.Should().Be(expected);
    }

    private static async Task<string> ExpectedAsync(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        return File.Exists(file) ? await File.ReadAllTextAsync(file, Encoding.UTF8) : $"No {name}.txt says what is expected.";
    }
}
