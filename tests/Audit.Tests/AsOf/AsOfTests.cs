using System.Globalization;
using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

public sealed class AsOfTests : IDisposable
{
    private static readonly string[] Fields = ["id", "status", "text", "length", "revision", "source", "createdAt", "lastActivityAt"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task At_every_revision_and_time_it_is_what_the_api_said_then()
    {
        var random = new Random(20261121);
        await using var server = await ServedFolder.StartAsync(folder.Path);
        var answers = new List<JsonElement>();
        string[] ids = ["done", "failed", "cancelled", "running"];
        foreach (var id in ids)
        {
            await server.SpeakAsync(id, "First. ");
            answers.Add(await server.GetAsync(id));
            foreach (var piece in OddTexts.Some(random).Append("\ud83d").Append("\ude00 split. "))
            {
                if (piece is "\ud83d") await server.Source.For(new StreamId(id)).SayAsync(piece);
                else await server.SayAsync(id, piece);
                answers.Add(await server.GetAsync(id));
            }
        }

        await server.EndAsync("done");
        await server.EndAsync("failed", new SourceFailedException("source-failed", "It \u001b broke."));
        await server.CancelAsync("cancelled");
        foreach (var id in ids) answers.Add(await server.GetAsync(id));

        foreach (var answer in answers) Same(await AsOfAsync(Id(answer), $"{answer.GetProperty("revision")}"), answer);
        foreach (var id in ids)
        {
            var last = (await server.GetAsync(id)).GetProperty("revision").GetInt64();
            for (var revision = 0L; revision <= last; revision++)
            {
                var then = await server.GetAsync(id, $"?at={revision}");
                Same(await AsOfAsync(id, revision.ToString(CultureInfo.InvariantCulture)), then);
                var time = then.GetProperty(then.GetProperty("endedAt").ValueKind == JsonValueKind.String ? "endedAt" : "lastActivityAt").GetString()!;
                Same(await AsOfAsync(id, time), await server.GetAsync(id, $"?at={time}"));
            }

            var text = await AuditRun.OfAsync("text", id, "--store", folder.Path);
            text.Out.Should().Be(await server.Client.GetStringAsync($"v1/streams/{id}/text"));
            (await ReplayedAsync(id)).Should().Be(text.Out);
        }
    }

    [Theory]
    [InlineData("2", "done at revision 2: streaming, 5 bytes in 1 chunk; its last event then was revision 2, "
        + "its last sign of life came at 2026-11-21T12:00:02.000Z\n\nOne. \n")]
    [InlineData("2026-11-21T12:00:03.999Z", "done at 2026-11-21T12:00:03.999Z: streaming, 5 bytes in 1 chunk; its last event then was revision 2, "
        + "its last sign of life came at 2026-11-21T12:00:02.000Z\n\nOne. \n")]
    [InlineData("2026-11-22", "done at 2026-11-22T00:00:00.000Z: done, 30 bytes in 2 chunks; its last event then was revision 4, "
        + "its last sign of life came at 2026-11-21T12:00:04.000Z\n\nOne. Two 👩‍👩‍👧.\r\n")]
    public async Task Status_and_text_are_shown_as_they_were(string at, string expected)
    {
        await KindsOfStreams.WriteAllAsync(folder);

        (await AuditRun.OfAsync("as-of", "done", "--at", at, "--store", folder.Path)).Out.Should().Be(expected);
    }

    [Theory]
    [InlineData("5", "Stream done has no revision 5: its last one is 4.")]
    [InlineData("2026-11-21T11:59:59Z", "Stream done had not begun: it was created at 2026-11-21T12:00:00.000Z.")]
    public async Task What_it_was_not_yet_is_said(string at, string error)
    {
        await KindsOfStreams.WriteAllAsync(folder);

        var run = await AuditRun.OfAsync("as-of", "done", "--at", at, "--store", folder.Path);

        run.ExitCode.Should().Be(ExitCode.CannotRead);
        run.Error.Should().Be($"streams-audit: {error}\n");
    }

    [Fact]
    public async Task Who_stopped_it_is_named()
    {
        await KindsOfStreams.WriteAllAsync(folder);

        (await AuditRun.OfAsync("as-of", "cancelled", "--at", "3", "--store", folder.Path)).Out.Should().Contain("cancelled by anonymous");
    }

    [Fact]
    public async Task Damage_behind_the_cut_does_not_hide_what_stood_before_it()
    {
        await KindsOfStreams.WriteAllAsync(folder);
        KindsOfStreams.Break(folder);

        (await AuditRun.OfAsync("as-of", "broken", "--at", "1", "--store", folder.Path)).ExitCode.Should().Be(ExitCode.Ok);
        (await AuditRun.OfAsync("as-of", "broken", "--at", "2", "--store", folder.Path)).ExitCode.Should().Be(ExitCode.Findings);
    }

    private static string Id(JsonElement stream) => stream.GetProperty("id").GetString()!;

    private static void Same(JsonElement audited, JsonElement answered)
    {
        foreach (var field in Fields)
            audited.GetProperty(field).ToString().Should().Be(answered.GetProperty(field).ToString(), $"{field} of {answered}");
        foreach (var field in new[] { "startedAt", "endedAt", "error", "finishReason" })
            Optional(audited, field).Should().Be(Optional(answered, field), $"{field} of {answered}");
    }

    /// <summary>The API writes a null where the tool leaves the field out, and the other way round within an
    /// error.</summary>
    private static string? Optional(JsonElement stream, string field) =>
        stream.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    private async Task<JsonElement> AsOfAsync(string id, string at)
    {
        var run = await AuditRun.OfAsync("as-of", id, "--at", at, "--store", folder.Path, "--json");
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        return run.Json.Single();
    }

    private async Task<string> ReplayedAsync(string id) =>
        (await AuditRun.OfAsync("replay", id, "--speed", "max", "--store", folder.Path)).Out;
}
