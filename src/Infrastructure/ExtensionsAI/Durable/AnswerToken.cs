using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>A place in an answer, as a continuation token says it. Its shape is for ever: clients keep
/// tokens.</summary>
internal sealed record AnswerToken(StreamId Stream, ContentMark Mark)
{
    public const int MaxBytes = 8 * 1024;

    private const int Version = 1;
    private const string NoToken = "The continuation token is not one of text streams. Give back a token of an update, as it was.";

    /// <param name="key">Null: the token is not signed.</param>
    public ResponseContinuationToken Write(byte[]? key)
    {
        var unsigned = Json(null);
        return ResponseContinuationToken.FromBytes(key is null ? unsigned : Json(HMACSHA256.HashData(key, unsigned)));
    }

    /// <param name="key">Null: a signature is not looked at.</param>
    /// <exception cref="InvalidContinuationTokenException">It is none, or not ours.</exception>
    public static AnswerToken Read(ResponseContinuationToken given, byte[]? key)
    {
        var bytes = given.ToBytes();
        if (bytes.Length is 0 or > MaxBytes) throw new InvalidContinuationTokenException(NoToken);
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (VersionOf(json.RootElement) is > Version and var later)
                throw new InvalidContinuationTokenException($"The continuation token is of version {later}, and this program reads version {Version}: a newer program wrote it.");
            var token = Read(json.RootElement);
            if (key is not null) token.Check(json.RootElement, key);
            return token;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidContinuationTokenException(NoToken, e);
        }
    }

    private static int VersionOf(JsonElement json) => json.GetProperty("v").GetInt32() is >= 1 and var version ? version : throw new FormatException();

    private static AnswerToken Read(JsonElement json)
    {
        var id = json.GetProperty("s").GetString() ?? "";
        var (length, parts) = (json.GetProperty("b").GetInt64(), json.GetProperty("p").GetInt32());
        var open = json.TryGetProperty("o", out var given)
            ? given.EnumerateArray().Select(part => part.GetArrayLength() == 2 ? (Part: part[0].GetInt32(), Length: part[1].GetInt64()) : throw new FormatException()).ToList()
            : [];
        var isPlace = length >= 0 && parts is >= 0 and <= PartLimits.Parts && open.Count <= PartLimits.OpenParts
            && open.All(part => part.Part >= 1 && part.Part <= parts && part.Length >= 0)
            && open.Zip(open.Skip(1)).All(both => both.First.Part < both.Second.Part);
        return StreamIdGrammar.Allows(id) && isPlace ? new AnswerToken(new StreamId(id), new ContentMark(length, parts, open)) : throw new FormatException();
    }

    private void Check(JsonElement json, byte[] key)
    {
        var signature = json.TryGetProperty("m", out var given) ? given.GetBytesFromBase64() : [];
        if (!CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(key, Json(null))))
            throw new InvalidContinuationTokenException("The continuation token is not signed with this app's key, or was changed.");
    }

    private byte[] Json(byte[]? signature)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("s", Stream.Value);
            json.WriteNumber("b", Mark.Length);
            json.WriteNumber("p", Mark.Parts);
            if (Mark.Open.Count > 0)
            {
                json.WriteStartArray("o");
                foreach (var (part, length) in Mark.Open)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(part);
                    json.WriteNumberValue(length);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }

            if (signature is not null) json.WriteBase64String("m", signature);
            json.WriteEndObject();
        }

        return written.WrittenSpan.ToArray();
    }
}
