using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Reads a stored object's fields by name. Unknown fields are ignored: a newer version may have added them.
/// An optional field is absent or null.
/// </summary>
internal readonly struct JsonFields(JsonElement element)
{
    public const int MaxDepth = KeptJson.MaxDepth;

    /// <summary>More than any append of ours has: a longer one is not taken apart, which would take memory many times
    /// over.</summary>
    private const int MaxBytes = 2 * TextLimits.AppendBytes;

    /// <param name="what">Of which bytes a damage speaks: "data" or "metadata".</param>
    /// <exception cref="UndecodableException">Not what <paramref name="read"/> asks for.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, string what, Func<JsonFields, T> read)
    {
        if (json.Length > MaxBytes) throw new UndecodableException($"Its {what} has {json.Length} bytes, more than any event of ours.");
        try
        {
            using var document = JsonDocument.Parse(json, KeptJson.Deep);
            return read(new JsonFields(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new UndecodableException($"Its {what} cannot be read: {e.Message}", e);
        }
    }

    public string Text(string name) => Required(name).GetString() ?? throw Missing(name);

    public string? OptionalText(string name) => Optional(name)?.GetString();

    public long Long(string name) => Required(name).GetInt64();

    public long? OptionalLong(string name) => Optional(name)?.GetInt64();

    public int Int(string name) => Required(name).GetInt32();

    public int? OptionalInt(string name) => Optional(name)?.GetInt32();

    public bool Flag(string name) => Optional(name)?.GetBoolean() ?? false;

    public DateTimeOffset Time(string name) => Required(name).GetDateTimeOffset().ToUniversalTime();

    public TimeSpan Seconds(string name) => Seconds(Required(name));

    public TimeSpan? OptionalSeconds(string name) => Optional(name) is { } seconds ? Seconds(seconds) : null;

    /// <summary>As it was written, a JSON null too.</summary>
    public string? RawIfAny(string name) => element.TryGetProperty(name, out var raw) ? raw.GetRawText() : null;

    public JsonFields Object(string name) => new(Required(name));

    public JsonFields? OptionalObject(string name) => Optional(name) is { } found ? new JsonFields(found) : null;

    public IEnumerable<string> Texts(string name) =>
        Required(name).EnumerateArray().Select(e => e.GetString() ?? throw Missing(name));

    /// <summary>None where it is absent.</summary>
    public IEnumerable<string> OptionalTexts(string name) => Optional(name) is null ? [] : Texts(name);

    public IEnumerable<KeyValuePair<string, string>> Pairs(string name) =>
        Required(name).EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? throw Missing(p.Name)));

    private static TimeSpan Seconds(JsonElement seconds) => new((long)(seconds.GetDecimal() * TimeSpan.TicksPerSecond));

    private static FormatException Missing(string name) => new($"'{name}' is missing.");

    private JsonElement Required(string name) => Optional(name) ?? throw Missing(name);

    private JsonElement? Optional(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
