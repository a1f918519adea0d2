using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

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

[Description("A part that is open.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record OpenPartView(long Part, [property: Description("UTF-8 bytes of it that are durable.")] long Length);

[Description("A part, or a run of the body between parts: that has no part, the kind text, offset and text.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record ContentView(
    [property: Description("As the events say; of the body text.")] string Kind,
    [property: Description("UTF-8 bytes of the body before it.")] long Offset,
    [property: Description("Left out of the body.")] long? Part = null,
    [property: Description("The number of the part that it belongs to.")] long? Of = null,
    string? Name = null,
    [property: Description("The provider's id of a call.")] string? CallId = null,
    string? MediaType = null,
    [property: Description("json: its text is one JSON value; base64: it is bytes; left out: it is text.")] string? Encoding = null,
    [property: Description("Of a mark in the body: UTF-8 bytes of the body up to its end.")] long? End = null,
    [property: Description("Its text; left out where it has none, or stands as value or href.")] string? Text = null,
    [property: Description("Its text as the JSON value that it is, up to 1 MiB; JSON that is not whole is text.")] JsonElement? Value = null,
    [property: Description("Where the bytes of a file are.")] string? Href = null,
    [property: Description("open, done, cut (its stream ended first) or failed.")] string? State = null,
    [property: Description("Why it failed.")] string? Error = null,
    [property: Description("What there is to say of it, from its start and its end.")] JsonElement? Detail = null);
