using System.Diagnostics;
using System.Reflection;

namespace EventSourcedStreams.Domain;

/// <summary>
/// The spans of text streams. A span says which stream, how much and how it ended; never text, input, a caller or a
/// secret. While nothing listens none is made. A sampler, processor or listener of an app's own that throws costs the
/// span alone.
/// </summary>
internal static class StreamTracing
{
    public const string StreamTag = "stream.id";
    public const string FollowName = "follow";

    /// <summary>Null: a listener threw when it was told of the source, and this process has no spans.</summary>
    private static readonly ActivitySource? Source = Made();

    /// <summary>One stream while this node drives it, from the claim to the settled ending: longer than the request
    /// that asked for it, where the driver leaves.</summary>
    public static Activity? StartDrive(StreamId stream, string source) =>
        Start("drive")?.SetTag(StreamTag, stream.Value).SetTag("stream.source", source);

    /// <summary>A source's run below its drive.</summary>
    public static Activity? StartSource(StreamId stream, string source) =>
        Start($"source {source}")?.SetTag(StreamTag, stream.Value).SetTag("stream.source", source);

    /// <summary>One atomic batch, tried until it is certain how it ended.</summary>
    public static Activity? StartAppend(StreamId stream, int events) =>
        Start("append")?.SetTag(StreamTag, stream.Value).SetTag("append.events", events);

    /// <summary>One follower, linked to the drive of its stream.</summary>
    public static HarmlessSpan StartFollow(StreamId stream) => new(Start(FollowName)?.SetTag(StreamTag, stream.Value));

#pragma warning disable CA1031 // Whatever a listener throws is its own trouble.
    /// <summary>A span, made current.</summary>
    /// <returns>Null: nothing listens, or what listens threw.</returns>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal)
    {
        var before = Activity.Current;
        try
        {
            return Source?.StartActivity(name, kind);
        }
        catch (Exception)
        {
            // Some listeners may have been told of it.
            if (Activity.Current is { } begun && begun != before) End(begun);
            return null;
        }
    }

    /// <summary>The span is over, and the one around it current again.</summary>
    public static void End(Activity? span)
    {
        try
        {
            span?.Stop();
        }
        catch (Exception)
        {
            if (Activity.Current == span) MakeCurrent(span!.Parent);
        }
    }

    /// <param name="span">Null: there is none from now on.</param>
    public static void MakeCurrent(Activity? span)
    {
        try
        {
            Activity.Current = span;
        }
        catch (Exception)
        {
            // It is current; what was told of that threw.
        }
    }
#pragma warning restore CA1031

    /// <inheritdoc cref="Harmless.Made{T}"/>
    internal static ActivitySource? Made() => Harmless.Made(() => new ActivitySource(TextStreamsTelemetry.Name, Version()));

    /// <summary>
    /// Links a follower to the drive that wrote an event, unless it is linked already. Where the drive is another
    /// process's, or over, only its trace is known: then the link names no span.
    /// </summary>
    /// <param name="follow">The follower's span; any other, and none, is left alone.</param>
    public static void LinkFollower(Activity? follow, RecordedEvent last)
    {
        if (follow is not { OperationName: FollowName, IsAllDataRequested: true } || follow.Links.Any()) return;
        if (last.Event is StreamEvent.StreamCreated || last.Context.CorrelationId is not { } trace || !IsTraceId(trace)) return;
        follow.AddLink(LinkTo(last.Stream, new ActivityContext(ActivityTraceId.CreateFromString(trace), default, ActivityTraceFlags.None)));
    }

    public static ActivityLink LinkTo(StreamId stream, ActivityContext drive) =>
        new(drive, new ActivityTagsCollection { [StreamTag] = stream.Value });

    /// <summary>As an error, told apart by a code or a type's name; an exception's own words stay out.</summary>
    public static void Fail(this Activity? span, string kind) => span?.SetTag("error.type", kind).SetStatus(ActivityStatusCode.Error);

    private static bool IsTraceId(string id) =>
        id.Length == 32 && id.All(c => char.IsAsciiHexDigitLower(c)) && id.AsSpan().ContainsAnyExcept('0');

    /// <summary>The package's: the assembly's own is 0.0.0.0 for all before 1.0.</summary>
    private static string Version() =>
        typeof(StreamTracing).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
