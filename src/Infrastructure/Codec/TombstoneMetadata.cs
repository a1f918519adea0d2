using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure;

/// <summary>What is kept with a tombstone where the log can: {by, at, headRevision, headHash}.</summary>
internal static class TombstoneMetadata
{
    public static byte[] Write(Deletion deletion)
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
}
