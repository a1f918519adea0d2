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

[Description("event: part. Something that is said beside the text begins.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record PartEventView(
    long Part,
    [property: Description("step, text, reasoning, tool-call, tool-result, approval-request, approval-response, source, file, input-file, data, error, or any other.")] string Kind,
    [property: Description("UTF-8 bytes of the body before it.")] long Offset,
    [property: Description("The number of the part that it belongs to.")] long? Of = null,
    string? Name = null,
    [property: Description("The provider's id of a call; may be empty, and need not be unique.")] string? CallId = null,
    string? MediaType = null,
    [property: Description("json: its text is one JSON value; base64: it is bytes; left out: it is text.")] string? Encoding = null,
    [property: Description("What there is to say of it at its start.")] JsonElement? Detail = null) : FollowerEventView;

[Description("event: part-text. Text of a part, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record PartTextEventView(
    long Part,
    [property: Description("UTF-8 bytes of the part before it.")] long Offset,
    string Text) : FollowerEventView;

[Description("event: part-end. A part is complete. One that has no end when its stream has, was cut off.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record PartEndEventView(
    long Part,
    [property: Description("UTF-8 bytes of its text.")] long Length,
    [property: Description("What there is to say of it at its end.")] JsonElement? Detail = null,
    [property: Description("It failed; left out where it did not.")] string? Error = null) : FollowerEventView;
