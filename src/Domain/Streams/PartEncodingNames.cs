namespace EventSourcedStreams.Domain;

/// <summary>The names of encodings as they are stored and sent; plain text has none.</summary>
internal static class PartEncodingNames
{
    public static string? Name(this PartEncoding encoding) => encoding switch
    {
        PartEncoding.Plain => null,
        PartEncoding.Json => "json",
        PartEncoding.Base64 => "base64",
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such encoding."),
    };

    /// <returns>Null: no such name.</returns>
    public static PartEncoding? Parse(string? name) => name switch
    {
        null => PartEncoding.Plain,
        "json" => PartEncoding.Json,
        "base64" => PartEncoding.Base64,
        _ => null,
    };
}
