
namespace EventSourcedStreams.Domain;

/// <summary>What is kept with a tombstone where the log can: {by, at, headRevision, headHash}.</summary>
internal static class TombstoneMetadata
{
    internal static byte[] Write(Deletion deletion)
    {
        using var json = new JsonBytes();
        json.Open();
        json.Text("by"u8, deletion.By);
        json.Time("at"u8, deletion.At);
        json.Number("headRevision"u8, deletion.Head.Revision.Value);
        json.Text("headHash"u8, deletion.Head.Hash.ToString());
        json.Close();
        return json.Take();
    }

    /// <summary>The actor and time of a deletion, and where the stream ended; null where the log keeps nothing with a
    /// tombstone, or it cannot be read.</summary>
    public static Deletion? TryRead(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.IsEmpty) return null;
        try
        {
            return JsonFields.Read(metadata, "metadata", static fields =>
                ChainHash.TryParse(fields.Text("headHash"), out var hash)
                    ? new Deletion(
                        fields.Text("by"), fields.Time("at"), new StreamHead(Revision.From(fields.Long("headRevision")), hash))
                    : throw new FormatException("'headHash' is no hash."));
        }
        catch (UndecodableException)
        {
            return null;
        }
    }
}
