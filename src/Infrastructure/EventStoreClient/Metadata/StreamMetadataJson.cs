using System.Buffers;
using System.Text.Json;

namespace EventStore.Client;

/// <summary>Stream metadata as it is stored: the server's members begin with a dollar sign, others are the users' own.</summary>
internal static class StreamMetadataJson
{
    public static ReadOnlyMemory<byte> Write(StreamMetadata metadata)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (metadata.MaxCount is { } count) json.WriteNumber("$maxCount", count);
            if (metadata.MaxAge is { } age) json.WriteNumber("$maxAge", (long)age.TotalSeconds);
            if (metadata.TruncateBefore is { } first) json.WriteNumber("$tb", first == StreamPosition.End ? long.MaxValue : first.ToInt64());
            if (metadata.CacheControl is { } cache) json.WriteNumber("$cacheControl", (long)cache.TotalSeconds);
            if (metadata.Acl is { } acl) Write(json, acl);
            if (metadata.CustomMetadata is { } custom)
            {
                foreach (var member in custom.RootElement.EnumerateObject()) member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    /// <exception cref="JsonException">It is no metadata.</exception>
    public static StreamMetadata Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("Stream metadata is an object.");
        var custom = root.EnumerateObject().Where(member => !IsOurs(member.Name)).ToDictionary(member => member.Name, member => member.Value);
        return new StreamMetadata(
            (int?)Number(root, "$maxCount"),
            Number(root, "$maxAge") is { } age ? TimeSpan.FromSeconds(age) : null,
            Number(root, "$tb") is { } first ? first == long.MaxValue ? StreamPosition.End : StreamPosition.FromInt64(first) : null,
            Number(root, "$cacheControl") is { } cache ? TimeSpan.FromSeconds(cache) : null,
            root.TryGetProperty("$acl", out var acl) ? ReadAcl(acl) : null,
            JsonSerializer.SerializeToDocument(custom));
    }

    private static void Write(Utf8JsonWriter json, StreamAcl acl)
    {
        json.WriteStartObject("$acl");
        foreach (var (name, roles) in (ReadOnlySpan<(string, string[]?)>)
            [("$r", acl.ReadRoles), ("$w", acl.WriteRoles), ("$d", acl.DeleteRoles), ("$mr", acl.MetaReadRoles), ("$mw", acl.MetaWriteRoles)])
        {
            if (roles is null) continue;
            json.WriteStartArray(name);
            foreach (var role in roles) json.WriteStringValue(role);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static StreamAcl ReadAcl(JsonElement acl) => new(
        Roles(acl, "$r"), Roles(acl, "$w"), Roles(acl, "$d"), Roles(acl, "$mr"), Roles(acl, "$mw"));

    private static string[]? Roles(JsonElement acl, string name) => !acl.TryGetProperty(name, out var roles) ? null : roles.ValueKind switch
    {
        JsonValueKind.String => [roles.GetString()!],
        JsonValueKind.Array => [.. roles.EnumerateArray().Select(role => role.GetString()!)],
        _ => null,
    };

    private static long? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static bool IsOurs(string name) => name is "$maxCount" or "$maxAge" or "$tb" or "$cacheControl" or "$acl";
}
