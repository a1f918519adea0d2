using System.Text;
using EventSourcedStreams.Audit.ExportFormat;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Whatever is changed in an export, its last line made right again, is found, and where.</summary>
public sealed class ExportTamperTests : IAsyncLifetime
{
    private const int FirstEvents = 5;
    private static readonly int NameBytes = """{"stream":"a","revision":0,""".Length;

    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();
    private byte[] export = [];
    private List<string> lines = [];

    public async Task InitializeAsync()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await log.WriteAsync("a", Created("a"), Started(), Chunk(0, 0, "é\n"), Chunk(1, 3, "y"), Completed(4, 2));
            await log.WriteAsync("b", Created("b"), Cancelled());
            await log.WriteAsync("c", Created("c"), Cancelled(), Deleted(StreamStatus.Cancelled));
            await log.TombstoneAsync(
                "text-c", ExpectedRevision.Any, new EventId(Guid.NewGuid()), TombstoneMetadata.Write(new Deletion("bob", Noon, StreamHead.None)), default);
        }

        export = await folder.ExportedBytesAsync();
        lines = ExportedFile.Lines(export);
    }

    public Task DisposeAsync()
    {
        folder.Dispose();
        other.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_changed_byte_of_every_event_is_found_there()
    {
        for (var line = 1; line <= FirstEvents; line++)
        {
            for (var at = 0; at < lines[line].Length; at++)
            {
                var tampered = lines.ToList();
                tampered[line] = Changed(lines[line], at);
                var found = await FindingAsync(ExportedFile.Sealed(tampered));

                found.Should().Contain($", line {line + 1}: ", $"of byte {at}");

                // Where a stream begins there is only the line itself to say whose it is.
                if (line == 1 && at < NameBytes) continue;
                found.Should().Contain($"Stream text-a, revision {line - 1}: ", $"of byte {at}");
            }
        }
    }

    [Fact]
    public async Task Every_changed_byte_of_any_other_line_is_found_but_those_that_no_hash_covers()
    {
        var tombstone = lines.Count - 2;
        foreach (var line in Enumerable.Range(0, lines.Count).Where(i => i is 0 or > FirstEvents && i != tombstone))
        {
            for (var at = 0; at < lines[line].Length; at += line == 0 ? 7 : 1)
            {
                var tampered = lines.ToList();
                tampered[line] = Changed(lines[line], at);
                var bytes = line == lines.Count - 1
                    ? Encoding.Latin1.GetBytes(string.Join('\n', tampered) + "\n")
                    : ExportedFile.Sealed(tampered);
                (await FindingAsync(bytes)).Should().Contain(", line ", $"of line {line + 1}, byte {at}");
            }
        }
    }

    [Fact]
    public async Task Without_its_last_line_made_right_again_every_changed_byte_is_found()
    {
        for (var at = 0; at < export.Length; at++)
        {
            var tampered = export.ToArray();
            tampered[at] ^= 1;
            await FindingAsync(tampered);
        }
    }

    [Fact]
    public async Task Every_dropped_and_every_swapped_event_is_named()
    {
        for (var line = 1; line <= FirstEvents; line++)
        {
            var dropped = lines.Where((_, i) => i != line).ToList();
            (await FindingAsync(ExportedFile.Sealed(dropped, eventsLess: 1))).Should().Contain($"Stream text-a, revision {line - 1}: ");

            if (line == FirstEvents) break;
            var swapped = lines.ToList();
            (swapped[line], swapped[line + 1]) = (swapped[line + 1], swapped[line]);
            (await FindingAsync(ExportedFile.Sealed(swapped))).Should().Contain($"Stream text-a, revision {line - 1}: ");
        }
    }

    [Fact]
    public async Task Dropped_doubled_and_swapped_streams_are_found()
    {
        var (a, b) = (lines[1..7], lines[7..10]);
        (await FindingAsync(ExportedFile.Sealed([lines[0], .. a, .. lines[10..]], eventsLess: 2))).Should().Contain("counts 3 streams");
        (await FindingAsync(ExportedFile.Sealed([lines[0], .. b, .. a, .. lines[10..]]))).Should().Contain("order of their ids");
        (await FindingAsync(ExportedFile.Sealed([lines[0], .. a, .. a, .. lines[7..]], eventsLess: -5))).Should().Contain("order of their ids");
        (await FindingAsync(ExportedFile.Sealed([lines[0], .. a[..5], .. b, .. lines[10..]]))).Should().Contain("has not ended");
        (await FindingAsync(ExportedFile.Sealed([lines[0], .. a[..4], a[5], .. lines[7..]], eventsLess: 1)))
            .Should().Contain("does not fit").And.Contain("Stream text-a, revision 4: ");
    }

    [Fact]
    public async Task Cut_off_anywhere_it_is_found()
    {
        for (var length = 0; length < export.Length; length++) (await FindingAsync(export[..length])).Should().MatchRegex("cut off|begin");
        (await FindingAsync([.. export, (byte)'\n'])).Should().Contain("follows");
        (await FindingAsync([.. export, .. export])).Should().Contain("follows");
    }

    [Fact]
    public async Task A_newer_version_is_told_from_damage()
    {
        lines[0] = lines[0].Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal);

        (await FindingAsync(ExportedFile.Sealed(lines))).Should().Contain("export of version 2; this program reads version 1");
    }

    [Fact]
    public async Task An_import_refuses_it_with_1_and_makes_no_log()
    {
        lines[3] = Changed(lines[3], lines[3].Length - 70);
        await File.WriteAllBytesAsync(other.File("f"), ExportedFile.Sealed(lines));

        var run = await AuditRun.OfAsync("import", other.File("f"), "--store", other.File("new"));

        (run.ExitCode, Directory.Exists(other.File("new"))).Should().Be((ExitCode.Findings, false));
        run.Error.Should().Contain("line 4: Stream text-a, revision 2: ");
    }

    /// <summary>Another letter, never a line feed: most leave it JSON.</summary>
    private static string Changed(string line, int at) => line[..at] + (line[at] == 'x' ? 'y' : 'x') + line[(at + 1)..];

    private async Task<string> FindingAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(other.File("tampered"), bytes);
        await using var file = ExportFile.Open(other.File("tampered"));
        var refused = await file.Awaiting(f => f.ReadAsync(StreamPrefix.Default, default).CountAsync().AsTask()).Should().ThrowAsync<AuditException>();
        refused.Which.ExitCode.Should().Be(ExitCode.Findings);
        file.Manifest.Should().BeNull();
        return refused.Which.Message;
    }
}
