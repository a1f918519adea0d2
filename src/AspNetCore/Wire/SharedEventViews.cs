using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

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

[Description("event: part. Something that is said beside the text begins.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedPartView(
    string Stream,
    long Cursor,
    long Part,
    [property: Description("step, text, reasoning, tool-call, tool-result, approval-request, approval-response, source, file, input-file, data, error, or any other.")] string Kind,
    [property: Description("UTF-8 bytes of the body before it.")] long Offset,
    [property: Description("The number of the part that it belongs to.")] long? Of = null,
    string? Name = null,
    [property: Description("The provider's id of a call; may be empty, and need not be unique.")] string? CallId = null,
    string? MediaType = null,
    [property: Description("json: its text is one JSON value; base64: it is bytes; left out: it is text.")] string? Encoding = null,
    [property: Description("What there is to say of it at its start.")] JsonElement? Detail = null) : SharedEventView(Stream);

[Description("event: part-text. Text of a part, one batch or several joined.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedPartTextView(
    string Stream,
    long Cursor,
    long Part,
    [property: Description("UTF-8 bytes of the part before it.")] long Offset,
    string Text) : SharedEventView(Stream);

[Description("event: part-end. A part is complete. One that has no end when its stream has, was cut off.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record SharedPartEndView(
    string Stream,
    long Cursor,
    long Part,
    [property: Description("UTF-8 bytes of its text.")] long Length,
    [property: Description("What there is to say of it at its end.")] JsonElement? Detail = null,
    [property: Description("It failed; left out where it did not.")] string? Error = null) : SharedEventView(Stream);
