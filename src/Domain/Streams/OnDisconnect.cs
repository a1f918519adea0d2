using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>What becomes of a running stream when its driver has gone.</summary>
public enum OnDisconnect
{
    /// <summary>It goes on: its text is saved, and others may follow it.</summary>
    Continue,

    /// <summary>It is cancelled once it has had neither a driver nor a follower for 10 s. Followers count on the node
    /// that drives it.</summary>
    Cancel,
}

internal static class OnDisconnectNames
{
    private static readonly NameTable<OnDisconnect> Names = new((OnDisconnect.Continue, "continue"), (OnDisconnect.Cancel, "cancel"));

    /// <summary>As stored and sent.</summary>
    public static string Name(this OnDisconnect onDisconnect) => Names.NameOf(onDisconnect);

    public static OnDisconnect? Parse(string? name) => Names.Parse(name);
}
