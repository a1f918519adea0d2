using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventSourcedStreams.TestKit;

/// <summary>Spans of our source and of ASP.NET Core's, as they end. The sources are the process's, and other tests have
/// spans too: ask by stream or by trace.</summary>
public sealed class RecordedSpans : IDisposable
{
    private readonly ActivityListener listener;
    private readonly ConcurrentQueue<Activity> ended = new();

    public RecordedSpans()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is TextStreamsTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>In the order of their ends.</summary>
    public IReadOnlyList<Activity> Of(StreamId stream) => [.. ended.Where(span => (string?)span.GetTagItem("stream.id") == stream.Value)];

    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. ended.Where(span => span.TraceId == trace)];

    /// <summary>The first span of a stream with this name, when it has ended.</summary>
    public async Task<Activity> EndedAsync(StreamId stream, string name)
    {
        await Eventually.UntilAsync($"the span '{name}' has ended", () => Of(stream).Any(span => span.OperationName == name));
        return Of(stream).First(span => span.OperationName == name);
    }

    /// <summary>All that a span says, in words.</summary>
    public static string Written(Activity span) => string.Join(' ', [
        span.OperationName, span.DisplayName, span.StatusDescription ?? "",
        .. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
        .. span.Events.SelectMany(each => (string[])[each.Name, .. each.Tags.Select(tag => $"{tag.Key}={tag.Value}")]),
        .. span.Links.SelectMany(link => link.Tags ?? []).Select(tag => $"{tag.Key}={tag.Value}"),
        .. span.Baggage.Select(pair => $"{pair.Key}={pair.Value}"), span.TraceStateString ?? "",
    ]);

    /// <summary>Everything that any span says.</summary>
    public override string ToString() => string.Join('\n', ended.Select(Written));

    public void Dispose() => listener.Dispose();
}
