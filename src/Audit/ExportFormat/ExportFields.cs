using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.ExportFormat;

/// <summary>The fields of one line after the header. Which are there says what it is; whether they are in their one
/// form is found by writing it again.</summary>
internal sealed class ExportFields
{
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);

    /// <summary>Why the line could not be read to its end; what was read before that is there. Null for one that
    /// could.</summary>
    public string? Fault { get; private set; }

    public static ExportFields Parse(ReadOnlySpan<byte> line)
    {
        var fields = new ExportFields();
        try
        {
            return fields.Read(line) is { } fault ? fields.Failed(fault) : fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return fields.Failed("It is no JSON of texts and whole numbers.");
        }
    }

    public bool Has(string name) => texts.ContainsKey(name) || numbers.ContainsKey(name);

    /// <returns>Null for a last line.</returns>
    /// <exception cref="FormatException">A field that it must have is not there, or cannot be what it says.</exception>
    public CarriedItem? Item(StreamPrefix prefix)
    {
        if (!Has("stream")) return null;
        if (Text("stream") is not { Length: > 0 and <= StreamId.MaxChars } name) throw new FormatException("'stream' is no id.");
        var id = new StreamId(name);
        if (Has("revision"))
        {
            return new CarriedItem.Event(id, new StoredEvent(
                prefix.Text(id),
                Number("revision"),
                LogPosition.Start,
                DateTimeOffset.UnixEpoch,
                new EventId(Guid.ParseExact(Text("id"), "D")),
                Text("type"),
                Text("contentType"),
                Bytes("data"),
                Bytes("metadata")));
        }

        if (Has("damaged")) return new CarriedItem.Damaged(id, Text("damaged"));
        if (!Has("events")) return new CarriedItem.Tombstone(id, Has("metadata") || Has("metadata64") ? Bytes("metadata") : default);
        return new CarriedItem.End(id, Number("events"), Has("hash") ? Head() : null);
    }

    public ExportManifest Manifest() =>
        new(Number("streams"), Number("deleted"), Number("damaged"), Number("events"), Text("sha256"));

    /// <summary>The stream that the line is of, as far as it says so.</summary>
    public (string Stream, long Revision)? Place =>
        texts.TryGetValue("stream", out var stream) ? (stream, numbers.GetValueOrDefault("revision")) : null;

    private string? Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "It is no JSON object.";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) texts[name] = reader.GetString()!;
            else if (reader.TokenType == JsonTokenType.Number) numbers[name] = reader.GetInt64();
            else if (reader.TokenType != JsonTokenType.True) return $"'{name}' is neither a text nor a number.";
        }

        reader.Read();
        return null;
    }

    private ExportFields Failed(string fault)
    {
        Fault = fault;
        return this;
    }

    private StreamHead Head() =>
        ChainHash.TryParse(Text("hash"), out var hash) && Number("head") is >= 0 and < long.MaxValue and var head
            ? new StreamHead(Revision.From(head), hash)
            : throw new FormatException("'head' or 'hash' is none.");

    private byte[] Bytes(string name) =>
        Has(name) ? Encoding.UTF8.GetBytes(Text(name)) : Convert.FromBase64String(Text(name + "64"));

    private string Text(string name) => texts.GetValueOrDefault(name) ?? throw new FormatException($"'{name}' is missing.");

    private long Number(string name) => numbers.TryGetValue(name, out var number) ? number : throw new FormatException($"'{name}' is missing.");
}
