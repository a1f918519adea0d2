using System.Text.RegularExpressions;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>A line of the log is found by its number, whichever project has written it.</summary>
public sealed partial class LogMessageTests
{
    [Fact]
    public void Every_message_of_the_log_has_a_number_of_its_own()
    {
        var sources = SourceArrows.Read(Path.Combine(SourceArrows.Root, "src"));
        sources.Values.Sum(source => Message().Count(source)).Should().BeGreaterThan(50);

        string.Join('\n', Wrong(sources)).Should().BeEmpty();
    }

    [Fact]
    public void A_number_that_two_messages_have_and_a_message_without_one_are_found_and_named() =>
        Wrong(new Dictionary<string, string>
        {
            ["A/One.cs"] = "[LoggerMessage(1, LogLevel.Error, \"x\")]\n[LoggerMessage(EventId = 2, Level = LogLevel.Error)]",
            ["B/Two.cs"] = "[LoggerMessage(1, LogLevel.Error, \"x\")]\n    [LoggerMessage(3, LogLevel.Error, \"x\")]",
        }).Should().Equal("1: A/One.cs, B/Two.cs", "without a number: A/One.cs");

    private static IEnumerable<string> Wrong(IReadOnlyDictionary<string, string> sources) =>
        from message in sources.SelectMany(source => Message().Matches(source.Value).Select(m => (Number: m.Groups[1].Value, source.Key)))
        group message.Key by message.Number into files
        where files.Key == "" || files.Count() > 1
        select $"{(files.Key == "" ? "without a number" : files.Key)}: {string.Join(", ", files)}";

    [GeneratedRegex(@"\[LoggerMessage\((?:(\d+),)?")]
    private static partial Regex Message();
}
