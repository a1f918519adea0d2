using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

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
