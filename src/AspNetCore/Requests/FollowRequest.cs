using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.AspNetCore;

/// <summary>One of several streams that a client follows in one answer.</summary>
/// <param name="Cursor">The last event that the client has of it.</param>
/// <param name="Token">What the client may read the stream by; null: what the request itself was sent with.</param>
internal sealed record FollowRequest(StreamId Stream, AskedCursor Cursor, string? Token)
{
    public const int MaxStreams = 100;

    private const int MaxTokenChars = 8192;
    private const string Known = "id, after, token";

    /// <exception cref="RefusedException">Names the field that is not as it should be.</exception>
    public static IReadOnlyList<FollowRequest> Parse(JsonElement? body)
    {
        FollowRequest[] streams = [];
        foreach (var field in body?.EnumerateObject() ?? default)
        {
            if (field.Name != "streams") throw field.Unknown("streams");
            if (field.Value.ValueKind != JsonValueKind.Array) throw field.Refused("is an array.");
            if (field.Value.GetArrayLength() > MaxStreams) throw TooMany();
            streams = [.. field.Value.EnumerateArray().Select((stream, at) => Parse(stream, at))];
        }

        if (streams is []) throw TooMany();
        if (streams.Index().GroupBy(each => each.Item.Stream).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Invalid($"streams[{twice.Last().Index}].id", $"'{twice.Key}' stands there twice: name each stream once.");
        return streams;
    }

    private static FollowRequest Parse(JsonElement stream, int at)
    {
        var path = $"streams[{at}]";
        if (stream.ValueKind != JsonValueKind.Object) throw Invalid(path, $"{path} is an object: {Known}.");
        StreamId? id = null;
        var (cursor, token) = (new AskedCursor(Revision.None, "after"), (string?)null);
        foreach (var field in stream.EnumerateObject())
        {
            if (field.Value.ValueKind is JsonValueKind.Null) continue;
            switch (field.Name)
            {
                case "id": id = IdOf(field.Value, $"{path}.id"); break;
                case "after": cursor = CursorOf(field.Value, $"{path}.after"); break;
                case "token": token = TokenOf(field.Value, $"{path}.token"); break;
                default: throw Invalid(path, $"{path} has a field that is not known. There are: {Known}.");
            }
        }

        return new FollowRequest(id ?? throw Invalid($"{path}.id", $"{path} needs the id of a stream."), cursor, token);
    }

    private static StreamId IdOf(JsonElement value, string field) =>
        value.ValueKind is JsonValueKind.String && Domain.StreamIdGrammar.Allows(value.GetString()!)
            ? new StreamId(value.GetString()!)
            : throw Invalid(field, $"An id is {StreamIds.Grammar}.");

    private static AskedCursor CursorOf(JsonElement value, string field) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var revision) && revision is >= 0 and < long.MaxValue
            ? new AskedCursor(Revision.From(revision), "after")
            : throw Invalid(field, $"{field} is the revision of an event, as its cursor said: a whole number from 0.");

    private static string TokenOf(JsonElement value, string field) =>
        value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxTokenChars } token && token.All(char.IsAscii)
            ? token
            : throw Invalid(field, $"{field} is a token, as the server makes it.");

    private static RefusedException TooMany() => Invalid("streams", $"streams has 1 to {MaxStreams} streams.");

    private static RefusedException Invalid(string field, string detail) => new(Refusals.Invalid(field, detail));
}

/// <summary>The same, for the API's description.</summary>
internal sealed record FollowBody([property: Description("1 to 100, each once.")] IReadOnlyList<FollowedStreamBody> Streams);

[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record FollowedStreamBody(
    [property: Description("The stream's id.")] string Id,
    [property: Description("The revision after which to begin: the last cursor that came of it.")] long? After = null,
    [property: Description("A token that lets this stream be read; default: what the request itself is sent with.")] string? Token = null);
