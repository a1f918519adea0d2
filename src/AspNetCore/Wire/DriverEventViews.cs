using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

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

[Description("event: part. Something that is said beside the text begins.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverPartView(
    long Part,
    [property: Description("step, text, reasoning, tool-call, tool-result, approval-request, approval-response, source, file, input-file, data, error, or any other.")] string Kind,
    [property: Description("UTF-8 bytes of the body before it.")] long Offset,
    [property: Description("The number of the part that it belongs to.")] long? Of = null,
    string? Name = null,
    [property: Description("The provider's id of a call; may be empty, and need not be unique.")] string? CallId = null,
    string? MediaType = null,
    [property: Description("json: its text is one JSON value; base64: it is bytes; left out: it is text.")] string? Encoding = null,
    [property: Description("What there is to say of it at its start.")] JsonElement? Detail = null) : DriverEventView;

[Description("event: part-text. Text of a part, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverPartTextView(
    long Part,
    [property: Description("UTF-8 bytes of the part before it.")] long Offset,
    string Text) : DriverEventView;

[Description("event: part-end. A part is complete. One that has no end when its stream has, was cut off.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record DriverPartEndView(
    long Part,
    [property: Description("UTF-8 bytes of its text.")] long Length,
    [property: Description("What there is to say of it at its end.")] JsonElement? Detail = null,
    [property: Description("It failed; left out where it did not.")] string? Error = null) : DriverEventView;

[Description("A part that is open.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record OpenPartView(long Part, [property: Description("UTF-8 bytes of it that are durable.")] long Length);
