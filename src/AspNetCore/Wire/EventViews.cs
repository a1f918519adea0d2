using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The data of the server-sent events, for the API's description; they are written by
/// <see cref="Frames"/>.</summary>
[Description("The data of one event to a follower; which, its event: field says: status, text or end; with parts=true also part, part-text and part-end.")]
[JsonDerivedType(typeof(StatusEventView))]
[JsonDerivedType(typeof(TextEventView))]
[JsonDerivedType(typeof(PartEventView))]
[JsonDerivedType(typeof(PartTextEventView))]
[JsonDerivedType(typeof(PartEndEventView))]
[JsonDerivedType(typeof(EndEventView))]
internal abstract record FollowerEventView;

[Description("event: status. On creation and start.")]
internal sealed record StatusEventView([property: Description("pending or streaming.")] string Status) : FollowerEventView;

[Description("event: text. Durable text, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record TextEventView(
    [property: Description("UTF-8 bytes before it.")] long Offset,
    string Text,
    [property: Description("UTF-16 code units before it; with units=utf16.")] long? Chars = null) : FollowerEventView;

[Description("event: end. The last event.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record EndEventView(
    [property: Description("done, error, cancelled, timeout or deleted; unknown with the error foreign-event, where another program has written to the stream; to a driver also unknown, while the event log is away.")] string Status,
    [property: Description("Of the stream's last event; left out where it is not known.")] long? Revision = null,
    [property: Description("UTF-8 bytes of durable text; left out of a stream that is gone.")] long? Length = null,
    [property: Description("What the source said of its end, such as stop or length.")] string? FinishReason = null,
    [property: Description("The provider's own JSON on what the text cost.")] JsonElement? Usage = null,
    [property: Description("Why it did not end well; left out where it did.")] ErrorView? Error = null,
    [property: Description("UTF-16 code units of durable text; with units=utf16.")] long? Chars = null) : FollowerEventView;

[Description("The data of one event to a driver; which, its event: field says: text, saved or end; with parts=true also part, part-text and part-end.")]
[JsonDerivedType(typeof(DriverTextView))]
[JsonDerivedType(typeof(DriverPartView))]
[JsonDerivedType(typeof(DriverPartTextView))]
[JsonDerivedType(typeof(DriverPartEndView))]
[JsonDerivedType(typeof(DriverSavedView))]
[JsonDerivedType(typeof(DriverEndView))]
internal abstract record DriverEventView;

[Description("event: text. A token, at once.")]
internal sealed record DriverTextView(string Text) : DriverEventView;

[Description("event: saved. More of the text is durable.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverSavedView(
    long Revision,
    [property: Description("UTF-8 bytes that are durable.")] long Length,
    [property: Description("UTF-16 code units that are durable; with units=utf16, not of an upload.")] long? Chars = null,
    [property: Description("The parts that are open by then; with parts=true.")] IReadOnlyList<OpenPartView>? Parts = null) : DriverEventView;

[Description("event: end. The last event.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverEndView(
    [property: Description("done, error, cancelled, timeout or deleted; unknown while the event log is away.")] string Status,
    [property: Description("UTF-8 bytes of durable text.")] long Length,
    [property: Description("Of the stream's last event; left out where it is not known.")] long? Revision = null,
    [property: Description("What the source said of its end, such as stop or length.")] string? FinishReason = null,
    [property: Description("The provider's own JSON on what the text cost.")] JsonElement? Usage = null,
    [property: Description("Why it did not end well; left out where it did.")] ErrorView? Error = null,
    [property: Description("UTF-16 code units of durable text; with units=utf16, not of an upload.")] long? Chars = null) : DriverEventView;

[Description("What there is after a cursor, at most about 256 KiB of text; ask again at once where there was something.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record EventPageView(
    [property: Description("In order; empty where nothing came in time.")] IReadOnlyList<PagedEventView> Events,
    [property: Description("Give it as after for the next page; left out while there is nothing at all.")] long? Cursor = null);

[Description("One event, as a server-sent one.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record PagedEventView(
    [property: Description("status, text or end; with parts=true also part, part-text and part-end.")] string Event,
    [property: Description("As the server-sent event has it.")] FollowerEventView Data,
    [property: Description("Its revision; left out of an end that has none.")] long? Id = null);

[Description("The data of one event of several streams; which, its event: field says: status, text, end, over or error; with parts=true also part, part-text and part-end.")]
[JsonDerivedType(typeof(SharedStatusView))]
[JsonDerivedType(typeof(SharedTextView))]
[JsonDerivedType(typeof(SharedPartView))]
[JsonDerivedType(typeof(SharedPartTextView))]
[JsonDerivedType(typeof(SharedPartEndView))]
[JsonDerivedType(typeof(SharedEndView))]
[JsonDerivedType(typeof(SharedOverView))]
[JsonDerivedType(typeof(SharedErrorView))]
internal abstract record SharedEventView([property: Description("The stream's id.")] string Stream);

[Description("event: status. On creation and start.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedStatusView(string Stream, long Cursor, [property: Description("pending or streaming.")] string Status) : SharedEventView(Stream);

[Description("event: text. Durable text, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedTextView(
    string Stream,
    long Cursor,
    [property: Description("UTF-8 bytes before it.")] long Offset,
    string Text,
    [property: Description("UTF-16 code units before it; with units=utf16.")] long? Chars = null) : SharedEventView(Stream);

[Description("event: end. The stream's last event.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedEndView(
    string Stream,
    [property: Description("As to a follower of one stream.")] string Status,
    long? Cursor = null,
    long? Revision = null,
    [property: Description("UTF-8 bytes of durable text; left out of a stream that is gone.")] long? Length = null,
    string? FinishReason = null,
    JsonElement? Usage = null,
    ErrorView? Error = null,
    [property: Description("UTF-16 code units of durable text; with units=utf16.")] long? Chars = null) : SharedEventView(Stream);

[Description("event: over. The stream has ended, and the client has all of it.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedOverView(string Stream, long Cursor) : SharedEventView(Stream);

[Description("event: error. The stream cannot be followed, or not on.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedErrorView(
    string Stream,
    [property: Description("As a follower of one stream would be answered.")] ProblemDocument Problem,
    [property: Description("When to try again; left out where that would be no use.")] int? RetryAfterSeconds = null) : SharedEventView(Stream);
