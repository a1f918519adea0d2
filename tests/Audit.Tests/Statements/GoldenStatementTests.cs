using EventSourcedStreams.Audit.Statements;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Statements that were signed once and are never changed: every later version must read them, and believe
/// them.</summary>
public sealed class GoldenStatementTests
{
    private const string Last = "lM2__Oh_nfKEYDUsz2zcb1OooKEYUHH7vpwm8TrpD5o";

    [Fact]
    public void A_chain_that_was_signed_by_the_first_version_is_read()
    {
        using var key = StatementKey.Public(Golden("statement-v1.pub.pem"));

        var stated = StatedStreams.Read([Golden("statement-v1-first.jsonl"), Golden("statement-v1-second.jsonl")], [key], default);

        stated.Faults().Should().BeEmpty();
        stated.Statements.Select(statement => statement.Sha256).Should().Equal(
            "2a50835ec9fa89c2752b235ee0fd68de2ea02277ebf109e20b716aff894dd5fb",
            "806d309e1f12464ba7e7f807ef097c208c0155726fa4be316dc751d397515675");
        ChainHash.TryParse(Last, out var last).Should().BeTrue();
        stated.Find(new StreamId("stream-0")).Should().Match<StatedStream>(
            said => said.Head!.Value.Revision.Value == 99 && said.Status == StreamStatus.Done && !said.IsTombstoned && said.Earlier == null);
        var deleted = stated.Find(new StreamId("stream-1"))!;
        deleted.IsTombstoned.Should().BeTrue();
        deleted.Deletion.Should().Be(new Deletion(
            "bob", new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), new StreamHead(Revision.From(100), last)));
        deleted.Earlier!.Status.Should().Be(StreamStatus.Done);
    }

    private static string Golden(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Audit.Tests.csproj")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The test project's folder is not above its output.");

        return Path.Combine(folder.FullName, "golden", name);
    }
}
