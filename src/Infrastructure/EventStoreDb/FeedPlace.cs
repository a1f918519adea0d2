using EventSourcedStreams.Domain;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>How far one follower of everything has come: what it was given, and what the server has looked at for
/// it.</summary>
internal sealed class FeedPlace(LogPosition after)
{
    /// <summary>All up to here has been looked at: a new subscription goes on behind it.</summary>
    public LogPosition At { get; private set; } = after;

    /// <summary>The last event that was delivered by this follower.</summary>
    public StoredEvent? Last { get; private set; }

    /// <summary>Where all there was at the subscription's start has been delivered; null: not known.</summary>
    public LogPosition? End { get; set; }

    /// <summary>It has been said that the follower has caught up.</summary>
    public bool SaidSo { get; private set; }

    /// <summary>Whether an event is to be delivered.</summary>
    public bool Pass(StoredEvent stored, StoreFilter filter)
    {
        // A subscription that goes on behind a checkpoint may repeat what lay before it.
        if (stored.Position <= At) return false;
        At = stored.Position;
        if (!filter.Matches(stored.Stream, stored.Type)) return false;
        Last = stored;
        return true;
    }

    public void Reached(LogPosition checkpoint)
    {
        if (checkpoint > At) At = checkpoint;
    }

    /// <param name="serverSays">Servers from 23.10 on say it themselves.</param>
    /// <returns>True once.</returns>
    public bool HasCaughtUp(bool serverSays)
    {
        if (SaidSo || !(serverSays || At >= End)) return false;
        return SaidSo = true;
    }
}
