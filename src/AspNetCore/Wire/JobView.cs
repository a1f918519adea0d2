using System.ComponentModel;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A job as the API shows it.</summary>
[Description("Something that is done with all streams of a label, and how far it is.")]
internal sealed record JobView
{
    public required string Id { get; init; }

    [Description("deletion or export.")]
    public required string Kind { get; init; }

    [Description("running or done.")]
    public required string State { get; init; }

    [Description("The labels that its streams have, all of them.")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [Description("Streams that it concerns, as far as is known.")]
    public required long Total { get; init; }

    [Description("Streams that are through: gone, or handed over whole.")]
    public required long Done { get; init; }

    [Description("Streams with which it could not be done.")]
    public required long Failed { get; init; }

    [Description("Some of those, at most 100.")]
    public IReadOnlyList<JobFailureView>? Failures { get; init; }

    [Description("Of an export: how many bytes of it have been handed over.")]
    public long? Bytes { get; init; }

    [Description("The actor that asked for it.")]
    public required string By { get; init; }

    public required DateTime RequestedAt { get; init; }

    [Description("When it was noted last how far it is.")]
    public required DateTime UpdatedAt { get; init; }

    /// <summary>As it was noted last.</summary>
    public static JsonAnswer<JobView> AnswerOf(ServiceEvent.JobProgressed job) => new(Of(job), WireJson.Relaxed.JobView, "no-store");

    public static JobView Of(ServiceEvent.JobProgressed job) => new()
    {
        Id = job.Job,
        Kind = job.Kind.Name(),
        State = job.Ended ? "done" : "running",
        Labels = job.Labels.ToDictionary(label => label.Key, label => label.Value),
        Total = job.Total,
        Done = job.Done,
        Failed = job.Failed,
        Failures = job.Failures.Count == 0 ? null : [.. job.Failures.Select(JobFailureView.Parse)],
        Bytes = job.Bytes,
        By = job.By,
        RequestedAt = job.RequestedAt.UtcDateTime,
        UpdatedAt = job.At.UtcDateTime,
    };
}

[Description("A stream with which a job could not be done.")]
internal sealed record JobFailureView(
    [property: Description("The stream's id.")] string Stream,
    [property: Description("The last segment of the problem's type that asking for this stream alone would give.")] string Code)
{
    /// <summary>As it is stored: a code, a space, and the id.</summary>
    public static JobFailureView Parse(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? new(text[(space + 1)..], text[..space]) : new(text, "");
}
