using System.ComponentModel;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

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
