using System.Security.Cryptography;

namespace EventSourcedStreams.Domain;

/// <summary>What an export's last line says, counted on the way.</summary>
internal sealed class ExportCount
{
    private long streams, deleted, damaged, events;

    public void Add(CarriedItem item)
    {
        switch (item)
        {
            case CarriedItem.Event:
                events++;
                break;
            case CarriedItem.Tombstone:
                streams++;
                deleted++;
                break;
            case CarriedItem.Damaged:
                damaged++;
                break;
            case CarriedItem.End:
                streams++;
                break;
        }
    }

    /// <param name="digest">Of everything until now; it begins anew.</param>
    public ExportManifest Manifest(IncrementalHash digest) =>
        new(streams, deleted, damaged, events, Convert.ToHexStringLower(digest.GetHashAndReset()));
}
