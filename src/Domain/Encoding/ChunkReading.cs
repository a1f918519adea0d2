using System.Text.Json;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// The data of a chunk as this program writes it, read in one pass: most events of a text are chunks. What stands
/// otherwise, or is damaged, is left to the reading that takes fields in any order and says what is wrong.
/// </summary>
internal static class ChunkReading
{
    /// <returns>Null: not in this form.</returns>
    public static ChunkPersisted? TryRead(ReadOnlySpan<byte> data, DateTimeOffset at)
    {
        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject
                || !IsField(ref json, "index"u8, JsonTokenType.Number) || !json.TryGetInt32(out var index)
                || !IsField(ref json, "offset"u8, JsonTokenType.Number) || !json.TryGetInt64(out var offset)
                || !IsField(ref json, "text"u8, JsonTokenType.String) || json.GetString() is not { } text
                || !IsField(ref json, "since"u8, JsonTokenType.String) || !json.TryGetDateTimeOffset(out var since)
                || !json.Read())
                return null;

            var (parts, partBytes) = (0, 0L);
            if (json.TokenType is JsonTokenType.PropertyName
                && !(IsNumber(ref json, "parts"u8) && json.TryGetInt32(out parts)
                    && IsField(ref json, "partBytes"u8, JsonTokenType.Number) && json.TryGetInt64(out partBytes)
                    && json.Read()))
                return null;

            if (json.TokenType is not JsonTokenType.EndObject || json.Read()) return null;
            return new ChunkPersisted(index, offset, text, since.ToUniversalTime()) { At = at, Parts = parts, PartBytes = partBytes };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsNumber(ref Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        json.ValueTextEquals(name) && json.Read() && json.TokenType is JsonTokenType.Number;

    private static bool IsField(ref Utf8JsonReader json, ReadOnlySpan<byte> name, JsonTokenType type) =>
        json.Read() && json.TokenType is JsonTokenType.PropertyName && json.ValueTextEquals(name) && json.Read() && json.TokenType == type;
}
