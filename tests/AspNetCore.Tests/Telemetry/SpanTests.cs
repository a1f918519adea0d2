using System.Diagnostics;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>A trace from the request that drives, through the source, to each append; followers are linked to
/// it.</summary>
public sealed class SpanTests : IAsyncLifetime
{
    private readonly RecordedSpans spans = new();
    private TextStreamsApp app = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync();

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        spans.Dispose();
    }

    [Fact]
    public async Task The_callers_trace_goes_through_the_drive_and_the_source_to_each_append()
    {
        var (trace, id) = (ActivityTraceId.CreateRandom(), new StreamId(await app.CreateAsync()));
        using var driver = await DriveAsync(id, trace);
        await app.Script.For(id).SayAsync("Hello.");
        await Eventually.UntilAsync("it is durable", async () => (await app.GetAsync(id.Value)).GetProperty("length").GetInt64() == 6);
        await app.Script.For(id).SayAsync(" Bye.");
        await Eventually.UntilAsync("that too, and the end is an append of its own", async () => (await app.GetAsync(id.Value)).GetProperty("length").GetInt64() == 11);
        app.Script.For(id).End(new SourceResult("stop", """{"prompt_tokens":7,"completion_tokens":4}"""));
        await driver.Content.ReadAsStringAsync();

        var drive = await spans.EndedAsync(id, "drive");
        await Eventually.UntilAsync("the request's span has ended", () => spans.Of(trace).Any(span => span.Kind == ActivityKind.Server));
        var request = spans.Of(trace).Single(span => span.Kind == ActivityKind.Server);
        drive.TraceId.Should().Be(trace);
        drive.ParentSpanId.Should().Be(request.SpanId);
        drive.GetTagItem("stream.status").Should().Be("done");
        drive.GetTagItem("stream.length").Should().Be(11L);
        var below = spans.Of(trace).Where(span => span.ParentSpanId == drive.SpanId).ToList();
        below.Where(span => span.OperationName == "append").Select(span => span.GetTagItem("append.outcome")).Should().HaveCount(4).And.AllBeEquivalentTo("appended");
        below.Should().ContainSingle(span => span.OperationName == "chat script-1");
    }

    [Fact]
    public async Task A_models_span_follows_the_conventions_for_generative_ai()
    {
        var id = new StreamId(await app.CreateAsync());
        using var driver = await app.DriveAsync(id.Value);
        await app.Script.For(id).SayAsync("Hello.");
        app.Script.For(id).End(new SourceResult("stop", """{"prompt_tokens":7,"completion_tokens":4}"""));
        await driver.Content.ReadAsStringAsync();

        var chat = await spans.EndedAsync(id, "chat script-1");
        chat.Kind.Should().Be(ActivityKind.Client);
        chat.GetTagItem("gen_ai.operation.name").Should().Be("chat");
        chat.GetTagItem("gen_ai.provider.name").Should().Be("a test");
        chat.GetTagItem("gen_ai.request.model").Should().Be("script-1");
        chat.GetTagItem("gen_ai.usage.input_tokens").Should().Be(7L);
        chat.GetTagItem("gen_ai.usage.output_tokens").Should().Be(4L);
        chat.GetTagItem("gen_ai.response.finish_reasons").Should().BeEquivalentTo(new[] { "stop" });
        chat.Events.Should().ContainSingle(each => each.Name == "first text");
    }

    [Fact]
    public async Task What_fails_is_an_error_by_its_code()
    {
        var id = new StreamId(await app.CreateAsync());
        using var driver = await app.DriveAsync(id.Value, StreamRequests.Events);
        app.Script.For(id).Throw(new SourceFailedException("model-gone", "It went away."));
        await driver.Content.ReadAsStringAsync();

        foreach (var name in new[] { "drive", "chat script-1" })
        {
            var span = await spans.EndedAsync(id, name);
            span.Status.Should().Be(ActivityStatusCode.Error);
            span.GetTagItem("error.type").Should().Be("model-gone");
            RecordedSpans.Written(span).Should().NotContain("went away");
        }
    }

    [Fact]
    public async Task A_follower_that_comes_during_the_drive_is_linked_to_it()
    {
        var id = new StreamId(await app.CreateAsync());
        using var driver = await app.DriveAsync(id.Value);
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id.Value));
        app.Script.For(id).End();
        await follower.Over;

        await IsLinkedAsync(id);
    }

    [Fact]
    public async Task A_follower_that_came_before_the_drive_is_linked_to_it()
    {
        var id = new StreamId(await app.CreateAsync());
        using var follower = await LiveAnswer.OfAsync(app.Client.FollowAsync(id.Value));
        await Eventually.UntilAsync("it follows", () => app.Engine.Drivers.Followers.Any(id));
        using var driver = await app.DriveAsync(id.Value);
        app.Script.For(id).End();
        await follower.Over;

        await IsLinkedAsync(id);
    }

    [Fact]
    public async Task A_follower_in_the_apps_own_code_is_linked_to_the_drive()
    {
        var id = new StreamId(await app.CreateAsync());
        using var driver = await app.DriveAsync(id.Value);
        app.Script.For(id).End();
        await foreach (var _ in app.Streams.FollowAsync(id)) { }

        await IsLinkedAsync(id, maybeOver: true);
    }

    [Fact]
    public async Task A_follower_on_another_node_is_linked_to_the_drives_trace()
    {
        var log = new LocalLog();
        await using var driving = await TextStreamsApp.StartAsync(new() { Log = log });
        await using var other = await TextStreamsApp.StartAsync(new() { Log = log, Node = "node-2" });
        var (trace, id) = (ActivityTraceId.CreateRandom(), new StreamId(await driving.CreateAsync()));
        using var driver = await DriveAsync(id, trace, driving);
        using var follower = await LiveAnswer.OfAsync(other.Client.FollowAsync(id.Value));
        driving.Script.For(id).End();
        await follower.Over;

        var follow = await spans.EndedAsync(id, "follow");
        follow.Links.Should().ContainSingle().Which.Context.TraceId.Should().Be(trace);
    }

    /// <param name="maybeOver">Of a drive that is over only its trace is known.</param>
    private async Task IsLinkedAsync(StreamId id, bool maybeOver = false)
    {
        var (drive, follow) = (await spans.EndedAsync(id, "drive"), await spans.EndedAsync(id, "follow"));
        var link = follow.Links.Should().ContainSingle().Which;
        link.Context.TraceId.Should().Be(drive.TraceId);
        follow.TraceId.Should().NotBe(drive.TraceId);
        if (!maybeOver || link.Context.SpanId != default) link.Context.SpanId.Should().Be(drive.SpanId);
    }

    private async Task<HttpResponseMessage> DriveAsync(StreamId id, ActivityTraceId trace, TextStreamsApp? at = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{id}/drive");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        return await (at ?? app).Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
