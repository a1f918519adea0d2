using System.Net;
using System.Text;
using EventSourcedStreams.AspNetCore.Tests.Parts;
using EventSourcedStreams.AspNetCore.Tests.Uploads;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore.Tests.Notes;

/// <summary>Continued uploads into whose streams another writer puts notes.</summary>
public sealed class NotedUploadTests : IAsyncLifetime, IDisposable
{
    private const string Note = "RemarkedOnAnUpload";
    private const string Events = "Transfer-Encoding: chunked\r\nAccept: text/event-stream\r\n";

    private readonly IDisposable known = EventKinds.With(new EventType(Note, EventKind.Note));
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    public void Dispose() => known.Dispose();

    [Fact]
    public async Task Its_offset_is_told_and_it_goes_on_behind_a_note()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        await PutAsync(id);
        (await OffsetAsync(id)).Should().Be((HttpStatusCode.OK, "0", "?0"));
        using var first = await UploadConnection.OpenAsync(app.BaseAddress, id, 0);
        await first.SendAsync("One. "u8.ToArray());
        await Eventually.UntilAsync("it is durable", async () => (await OffsetAsync(id)).Offset == "5");
        await PutAsync(id);
        (await OffsetAsync(id)).Should().Be((HttpStatusCode.OK, "5", "?0"));
        first.Cut(reset: false);

        using var part = await app.Client.SendAsync(Request(id, "Two. "u8.ToArray(), offset: 5, complete: "?0"));
        await PutAsync(id);
        using var beyond = await app.Client.SendAsync(Request(id, "x"u8.ToArray(), offset: 99));
        using var rest = await app.Client.SendAsync(Request(id, "Three."u8.ToArray(), offset: 10));

        (part.StatusCode, Header(part, "Upload-Offset")).Should().Be((HttpStatusCode.NoContent, "10"));
        (beyond.StatusCode, Header(beyond, "Upload-Offset")).Should().Be((HttpStatusCode.Conflict, "10"));
        (rest.StatusCode, Header(rest, "Upload-Offset"), Header(rest, "Upload-Complete")).Should().Be((HttpStatusCode.OK, "16", "?1"));
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("One. Two. Three.");
    }

    [Fact]
    public async Task A_note_behind_its_ending_hides_nothing()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var whole = await app.Client.SendAsync(Request(id, "Whole."u8.ToArray(), offset: 0));
        await PutAsync(id);

        (await OffsetAsync(id)).Should().Be((HttpStatusCode.OK, "6", "?1"));
        using var again = await app.Client.SendAsync(Request(id, "x"u8.ToArray(), offset: 6));

        (again.StatusCode, Header(again, "Upload-Offset"), Header(again, "Upload-Complete")).Should().Be((HttpStatusCode.Conflict, "6", "?1"));
        (await again.Content.ReadAsStringAsync()).Should().Contain("/problems/stream-ended");
    }

    [Fact]
    public async Task A_connection_that_is_told_what_becomes_durable_is_told_it_behind_notes_too()
    {
        var id = await app.CreateAsync(new { source = "upload" });
        using var first = await UploadConnection.OpenAsync(app.BaseAddress, id, 0);
        await first.SendAsync("One. "u8.ToArray());
        await Eventually.UntilAsync("it is durable", async () => (await OffsetAsync(id)).Offset == "5");
        await PutAsync(id);

        using var second = await UploadConnection.OpenAsync(app.BaseAddress, id, 5, Events);
        await second.SendAsync("Two. "u8.ToArray());
        await Eventually.UntilAsync("it is durable", async () => (await OffsetAsync(id)).Offset == "10");
        await PutAsync(id);
        await second.SendAsync("Three."u8.ToArray());
        await second.CompleteAsync();
        var (status, answer) = await second.AnswerAsync();

        status.Should().Be(HttpStatusCode.OK);
        answer.Should().Contain("event: saved").And.Contain("\"length\":10}").And.Contain("event: end").And.Contain("\"status\":\"done\"");
        (await app.GetAsync(id)).GetProperty("text").GetString().Should().Be("One. Two. Three.");
    }

    [Fact]
    public async Task A_connection_that_comes_when_a_note_stands_behind_the_ending_is_told_the_ending()
    {
        var stream = await StoredStream.Begun(app, "s").Body("All.").Done().NotedAsync(Note, notes: 2);
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };

        await new SavedProgress(http, stream.Id, app.Engine).SendAsync(Task.FromResult(true)).WaitAsync(Eventually.Limit);

        Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray()).Should().Be("""
            event: end
            data: {"status":"done","revision":3,"length":4}


            """.ReplaceLineEndings("\n"));
    }

    private async Task PutAsync(string id)
    {
        var last = (await app.Engine.Log.ReadLastAsync(new(id), default))!;
        var note = new StreamNote(Note) { At = Scenario.Noon };
        (await app.Engine.Log.AppendAsync(new Append(new AppendId(Guid.NewGuid()), last.Stream, last.Head, [note], last.Context), default))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    private async Task<(HttpStatusCode Status, string Offset, string Complete)> OffsetAsync(string id)
    {
        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/streams/{id}/drive"));
        return (head.StatusCode, Header(head, "Upload-Offset"), Header(head, "Upload-Complete"));
    }

    private static HttpRequestMessage Request(string id, byte[] body, long offset, string? complete = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive?continue=true") { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Upload-Offset", $"{offset}");
        if (complete is not null) request.Headers.TryAddWithoutValidation("Upload-Complete", complete);
        return request;
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
