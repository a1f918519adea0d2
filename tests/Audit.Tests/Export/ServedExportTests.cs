using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What a server exports of a label is what this tool exports of the same streams.</summary>
public sealed class ServedExportTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();

    public void Dispose()
    {
        folder.Dispose();
        other.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_servers_export_is_byte_for_byte_the_tools_and_is_imported(bool running)
    {
        await using (var log = await folder.OpenLogAsync())
            for (var seed = 0; seed < 12; seed++) await new StreamsOfEveryKind(seed).WriteAsync(log, 10);
        await using (var first = await ServedFolder.StartAsync(folder.Path))
            await Eventually.UntilAsync("what had no driver has ended", async () =>
                (await IdsAsync(first.Client, "&status=streaming")).Length + (await IdsAsync(first.Client, "&status=pending")).Length == 0);

        byte[] served;
        string[] ids;
        await using (var server = await ServedFolder.StartAsync(folder.Path))
        {
            served = await server.Client.GetByteArrayAsync($"v1/export?label=other:{(running ? "&running=true" : "")}");
            ids = await IdsAsync(server.Client);
        }

        var arguments = new List<string> { "export", "--store", folder.Path, "--out", other.File("tool"), "--running" };
        arguments.AddRange(running ? ids : await EndedAsync(ids));
        (await AuditRun.OfAsync([.. arguments])).ExitCode.Should().Be(ExitCode.Ok);

        served.Should().Equal(await File.ReadAllBytesAsync(other.File("tool")));
        ids.Length.Should().BeGreaterThan(30);
        await File.WriteAllBytesAsync(other.File("served"), served);
        using var into = new TempFolder();
        (await AuditRun.OfAsync("import", other.File("served"), "--store", into.Path)).ExitCode.Should().Be(ExitCode.Ok);
        (await AuditRun.OfAsync("verify", "--store", into.Path)).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task A_damaged_stream_ends_an_export_unless_such_were_asked_for_and_then_it_is_the_tools_too()
    {
        await using (var server = await ServedFolder.StartAsync(folder.Path))
        {
            foreach (var id in new[] { "a", "b", "c" })
            {
                await server.SpeakAsync(id, $"Words of {id}. ", "And more.");
                await server.EndAsync(id);
            }
        }

        folder.Tamper("UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'Words of b', 'Words of x') AS BLOB) WHERE type = 'ChunkPersisted'");
        byte[] served;
        await using (var server = await ServedFolder.StartAsync(folder.Path))
        {
            var cut = () => server.Client.GetByteArrayAsync("v1/export?label=user:42");
            await cut.Should().ThrowAsync<HttpRequestException>();
            served = await server.Client.GetByteArrayAsync("v1/export?label=user:42&damaged=true");
        }

        (await AuditRun.OfAsync("export", "a", "b", "c", "--store", folder.Path, "--out", other.File("tool"), "--damaged")).ExitCode.Should().Be(ExitCode.Ok);
        served.Should().Equal(await File.ReadAllBytesAsync(other.File("tool")));
    }

    private static async Task<string[]> IdsAsync(HttpClient client, string and = "")
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"v1/streams?label=other:&limit=200{and}{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(stream => stream.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return [.. ids];
    }

    private async Task<IEnumerable<string>> EndedAsync(string[] ids)
    {
        var list = await AuditRun.OfAsync("list", "--store", folder.Path, "--json");
        var open = list.Json.Where(stream => stream.GetProperty("status").GetString() is "pending" or "streaming").Select(stream => stream.GetProperty("id").GetString());
        return ids.Except(open)!;
    }
}
