using System.Text.Json;

namespace EventSourcedStreams;

/// <param name="Body">The driving request's body, for sources that take their text from it; it can be read while the
/// source runs.</param>
public sealed record SourceRequest(StreamId Stream, JsonElement? Input, Stream? Body, string? BodyContentType);
