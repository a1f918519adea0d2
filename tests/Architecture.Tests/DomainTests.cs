namespace EventSourcedStreams.Architecture.Tests;

/// <summary>The folders of <c>src/Domain</c>, and which may refer to which.</summary>
public sealed class DomainTests
{
    /// <summary>A folder uses only those before it. Encoding stands before Storage, whose log it serves. Catalog and
    /// Running meet in the log alone: what Running appends, the feed enters in the catalog.</summary>
    private static readonly string[] Order = ["Streams", "Text", "Encoding", "Storage", "Exports", "Catalog", "Telemetry", "Running", "Membership", "Delivery", "Jobs", "Engine"];

    [Fact]
    public void Folders_of_the_domain_use_only_those_before_them() =>
        string.Join('\n', ArrowsBack(SourceArrows.Read(Path.Combine(SourceArrows.Root, "src", "Domain")))).Should().BeEmpty();

    [Fact]
    public void An_arrow_back_is_found_and_named()
    {
        var files = new Dictionary<string, string>
        {
            ["Streams/Rules.cs"] = "public static class Rules { Log? log; }",
            ["Streams/Words.cs"] = "/// <see cref=\"Log.Open\"/>\npublic static class Words;",
            ["Streams/Innocent.cs"] = "// Log\npublic static class Innocent { string log = \"Log\"; object Other => x.Log; }",
            ["Streams/Names.cs"] = "public static class Names { public const string Log = \"log\"; }",
            ["Storage/Log.cs"] = "public sealed class Log { Rules? rules; }",
        };

        ArrowsBack(files).Should().Equal(
            "Streams/Rules.cs -> Storage/Log.cs (Log)", "Streams/Words.cs -> Storage/Log.cs (Log)");
    }

    private static IEnumerable<string> ArrowsBack(IReadOnlyDictionary<string, string> files) =>
        SourceArrows.Between(files)
            .Where(arrow => Place(arrow.ToFolder) > Place(arrow.FromFolder))
            .Select(arrow => arrow.ToString());

    private static int Place(string folder) => Array.IndexOf(Order, folder) is >= 0 and var place
        ? place
        : throw new InvalidOperationException($"src/Domain/{folder} has no place in the order.");
}
