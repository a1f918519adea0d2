namespace EventSourcedStreams.Domain;

/// <summary>The names of encodings as they are stored and sent; plain text has none.</summary>
internal static class PartEncodingNames
{
    private static readonly NameTable<PartEncoding> Names = new((PartEncoding.Json, "json"), (PartEncoding.Base64, "base64"));

    public static string? Name(this PartEncoding encoding) => encoding is PartEncoding.Plain ? null : Names.NameOf(encoding);

    /// <returns>Null: no such name.</returns>
    public static PartEncoding? Parse(string? name) => name is null ? PartEncoding.Plain : Names.Parse(name);
}
