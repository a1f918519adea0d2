using System.Text.Json;

namespace EventSourcedStreams.Client;

internal sealed record EventPage(IReadOnlyList<PagedEvent>? Events, long? Cursor = null);

internal sealed record PagedEvent(string Event, JsonElement? Data = null, long? Id = null);
