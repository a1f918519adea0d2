using System.Text.Json;

namespace EventSourcedStreams.TestKit;

internal static class SourceRun
{
    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static Task<SourceResult> RunAsync(
        this ITextSource source, RecordingAppender output, string? input = null, Stream? body = null, string? type = null, CancellationToken ct = default) =>
        source.RunAsync(new SourceRequest(new StreamId("s1"), input is null ? null : Json(input), body, type), output, ct);

    public static async Task<SourceFailedException> FailureAsync(this Task<SourceResult> run) =>
        (await FluentActions.Awaiting(() => run).Should().ThrowAsync<SourceFailedException>()).Which;

    public static string RefusedField(this ITextSource source, string? input) =>
        FluentActions.Invoking(() => source.Validate(input is null ? null : Json(input))).Should().Throw<InvalidInputException>().Which.Field;

    /// <summary>Lets time go on whenever the source waits.</summary>
    public static async Task<SourceResult> AdvancingAsync(this Task<SourceResult> run, ManualTime time)
    {
        await Eventually.UntilAsync("the source is through", () =>
        {
            if (time.Armed > 0) time.Advance(TimeSpan.FromSeconds(10));
            return run.IsCompleted;
        });
        return await run;
    }
}
