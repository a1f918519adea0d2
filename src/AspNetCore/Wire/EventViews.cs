using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The data of the server-sent events, for the API's description; they are written by
/// <see cref="Frames"/>.</summary>
[Description("The data of one event to a follower; which, its event: field says: status, text or end.")]
[JsonDerivedType(typeof(StatusEventView))]
[JsonDerivedType(typeof(TextEventView))]
[JsonDerivedType(typeof(EndEventView))]
internal abstract record FollowerEventView;

[Description("event: status. On creation and start.")]
internal sealed record StatusEventView([property: Description("pending or streaming.")] string Status) : FollowerEventView;

[Description("event: text. Durable text, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record TextEventView([property: Description("UTF-8 bytes before it.")] long Offset, string Text) : FollowerEventView;

[Description("event: end. The last event.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record EndEventView(
    [property: Description("done, error, cancelled, timeout or deleted; unknown with the error foreign-event, where another program has written to the stream; to a driver also unknown, while the event log is away.")] string Status,
    [property: Description("Of the stream's last event; left out where it is not known.")] long? Revision = null,
    [property: Description("UTF-8 bytes of durable text; left out of a stream that is gone.")] long? Length = null,
    [property: Description("What the source said of its end, such as stop or length.")] string? FinishReason = null,
    [property: Description("The provider's own JSON on what the text cost.")] JsonElement? Usage = null,
    [property: Description("Why it did not end well; left out where it did.")] ErrorView? Error = null) : FollowerEventView;

[Description("The data of one event to a driver; which, its event: field says: text, saved or end.")]
[JsonDerivedType(typeof(DriverTextView))]
[JsonDerivedType(typeof(DriverSavedView))]
[JsonDerivedType(typeof(DriverEndView))]
internal abstract record DriverEventView;

[Description("event: text. A token, at once.")]
internal sealed record DriverTextView(string Text) : DriverEventView;

[Description("event: saved. More of the text is durable.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverSavedView(long Revision, [property: Description("UTF-8 bytes that are durable.")] long Length) : DriverEventView;

[Description("event: end. The last event.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverEndView(
    [property: Description("done, error, cancelled, timeout or deleted; unknown while the event log is away.")] string Status,
    [property: Description("UTF-8 bytes of durable text.")] long Length,
    [property: Description("Of the stream's last event; left out where it is not known.")] long? Revision = null,
    [property: Description("What the source said of its end, such as stop or length.")] string? FinishReason = null,
    [property: Description("The provider's own JSON on what the text cost.")] JsonElement? Usage = null,
    [property: Description("Why it did not end well; left out where it did.")] ErrorView? Error = null) : DriverEventView;
