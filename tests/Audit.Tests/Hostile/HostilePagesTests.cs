using System.Buffers.Binary;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>Pages of the database that were made to lead their reader in circles, or are anything at all: every command
/// ends with an exit code and words.</summary>
public sealed class HostilePagesTests : IAsyncLifetime, IDisposable
{
    private const int PageSize = 8192;
    private const int IndexInterior = 2, TableInterior = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder folder = new(), output = new();

    public async Task InitializeAsync()
    {
        await using var log = await folder.OpenLogAsync();
        for (var i = 0; i < 120; i++)
        {
            var text = new string('x', 300);
            await log.WriteAsync($"s{i}", [Created($"s{i}"), Started(), .. Enumerable.Range(0, 12).Select(n => Chunk(n, 300L * n, text)), Completed(3600, 12)]);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
    }

    [Fact]
    public async Task Children_that_are_all_the_same_page_or_their_own_parent_are_read_no_further()
    {
        var sound = await File.ReadAllBytesAsync(folder.File("log.db"));
        var made = 0;
        for (var page = 1; page < sound.Length / PageSize; page++)
        {
            var kind = sound[page * PageSize];
            if (kind is not (IndexInterior or TableInterior)) continue;
            foreach (var toItself in new[] { false, true })
            {
                made++;
                await EndsAsync(Circle(sound, page, toItself ? page + 1 : null));
            }
        }

        made.Should().BeGreaterThan(2);
    }

    [Fact]
    public async Task Words_that_are_anything_at_all_end_no_command_but_with_words()
    {
        var sound = await File.ReadAllBytesAsync(folder.File("log.db"));
        var random = new Random(20261128);
        for (var i = 0; i < 12; i++)
        {
            var damaged = (byte[])sound.Clone();
            for (var n = random.Next(1, 40); n > 0; n--)
            {
                // Of a page mostly its head, where its shape stands.
                var page = random.Next(1, sound.Length / PageSize) * PageSize;
                random.NextBytes(damaged.AsSpan(page + random.Next(0, random.Next(3) == 0 ? PageSize - 8 : 64), random.Next(1, 8)));
            }

            await EndsAsync(damaged);
        }
    }

    private static byte[] Circle(byte[] sound, int page, int? to)
    {
        var damaged = (byte[])sound.Clone();
        var bytes = damaged.AsSpan(page * PageSize, PageSize);
        var cells = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        var child = to ?? (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        for (var cell = 0; cell < cells; cell++)
        {
            var at = BinaryPrimitives.ReadUInt16BigEndian(bytes[(12 + (2 * cell))..]);
            BinaryPrimitives.WriteInt32BigEndian(bytes[at..], child);
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], child);
        return damaged;
    }

    private async Task EndsAsync(byte[] database)
    {
        await File.WriteAllBytesAsync(output.File("log.db"), database);
        string[][] commands =
        [
            ["verify", "--json"], ["list"], ["show", "s7"], ["text", "s7"], ["stats"], ["as-of", "s7", "--at", "3"],
            ["report", "s7", "--out", output.File("page.html"), "--force"], ["export", "--all", "--damaged", "--out", output.File("export.out"), "--force"],
        ];
        foreach (var command in commands)
        {
            if (command[0] == "export") command[4] = Path.Combine(folder.Path, "export.out");
            var run = await AuditRun.OfAsync([.. command, "--store", output.Path]).WaitAsync(Patience);
            run.ExitCode.Should().BeOneOf([ExitCode.Ok, ExitCode.Findings, ExitCode.CannotRead], command[0]);
            if (command[0] == "verify") run.ExitCode.Should().NotBe(ExitCode.Ok);
        }
    }
}
