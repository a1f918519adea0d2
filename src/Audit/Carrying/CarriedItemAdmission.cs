using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Carrying;

/// <summary>What is written elsewhere is what the HTTP API there could have written:
/// <see cref="StreamAdmission"/>.</summary>
internal static class CarriedItemAdmission
{
    /// <returns>Why the stream is not carried, with the revision; null where nothing stands against this
    /// item.</returns>
    public static (long? Revision, string What)? Refusal(this CarriedItem item)
    {
        if (StreamAdmission.Fault(item.Stream) is { } unaddressable) return (null, unaddressable);
        return item switch
        {
            CarriedItem.Event { Stored: var stored } when StreamAdmission.Fault(item.Stream, stored.Type, stored.Data, stored.Metadata) is { } fault =>
                (stored.Revision, fault),
            CarriedItem.Tombstone tombstone when StreamAdmission.TombstoneFault(tombstone.Metadata) is { } fault => (null, fault),
            _ => null,
        };
    }
}
