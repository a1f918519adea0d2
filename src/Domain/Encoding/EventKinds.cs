using System.Collections.Frozen;

namespace EventSourcedStreams.Domain;

/// <param name="Type">As it is stored.</param>
/// <param name="InLifecycleFeed">Whether the feed over everything of ours tells it.</param>
/// <param name="IsEnding">Whether a stream ends with it; a stream has at most one.</param>
internal sealed record EventType(string Type, EventKind Kind, bool InLifecycleFeed = true, bool IsEnding = false)
{
    /// <summary>Added where the lifecycle feed tells it: what it leaves out is smaller, whatever kinds there will
    /// be.</summary>
    public const int Told = 16;

    /// <summary>The kind as a log may keep it beside the type, for ever.</summary>
    public int Stored => (int)Kind + (InLifecycleFeed ? Told : 0);
}

/// <summary>
/// The one table that says what kind an event's type is. Filters, indexes, feeds, caches and tools ask it, so that a
/// new type is one line here and a shape in the codec.
/// </summary>
internal static class EventKinds
{
    private static readonly EventType[] Ours =
    [
        new(StoredTypes.ChunkPersisted, EventKind.Content, InLifecycleFeed: false),
        new(StoredTypes.PartStarted, EventKind.Content, InLifecycleFeed: false),
        new(StoredTypes.PartPersisted, EventKind.Content, InLifecycleFeed: false),
        new(StoredTypes.PartEnded, EventKind.Content, InLifecycleFeed: false),

        new(StoredTypes.StreamCreated, EventKind.Lifecycle),
        new(StoredTypes.StreamStarted, EventKind.Lifecycle),
        new(StoredTypes.StreamCompleted, EventKind.Lifecycle, IsEnding: true),
        new(StoredTypes.StreamFailed, EventKind.Lifecycle, IsEnding: true),
        new(StoredTypes.StreamCancelled, EventKind.Lifecycle, IsEnding: true),
        new(StoredTypes.StreamTimedOut, EventKind.Lifecycle, IsEnding: true),
        new(StoredTypes.StreamDeleted, EventKind.Lifecycle),
        new(StoredEvent.TombstoneType, EventKind.Lifecycle),

        new(StoredTypes.NodeHeartbeat, EventKind.Service),
        new(StoredTypes.StreamCancelRequested, EventKind.Service),
        new(StoredTypes.EndingsHandled, EventKind.Service),
        new(StoredTypes.JobRequested, EventKind.Service),
        new(StoredTypes.JobProgressed, EventKind.Service, InLifecycleFeed: false),
        new(StoredTypes.LogNamed, EventKind.Service),
        new(StoredTypes.AccessRecorded, EventKind.Service, InLifecycleFeed: false),
    ];

    private static readonly Lock Changing = new();
    private static volatile Known known = new(Ours);

    /// <summary>The types that the feed over everything of ours leaves out.</summary>
    public static IReadOnlyList<string> LeftOutOfLifecycleFeed => known.LeftOut;

    public static EventKind KindOf(string type) => Find(type)?.Kind ?? EventKind.Unknown;

    public static EventKind KindOf(StreamEvent @event) => KindOf(StoredTypes.Of(@event));

    /// <summary>Whether a text ends with an event of this type.</summary>
    public static bool IsEnding(string type) => Find(type) is { IsEnding: true };

    /// <summary>Null for a type that this program does not know.</summary>
    public static EventType? Find(string type) => known.ByType.GetValueOrDefault(type);

    /// <summary>For tests: a further type, known to the whole process until it is disposed.</summary>
    internal static IDisposable With(EventType added)
    {
        lock (Changing)
        {
            if (Find(added.Type) is not null) throw new ArgumentException($"'{added.Type}' is known already.", nameof(added));
            known = new Known([.. known.ByType.Values, added]);
        }

        return new Added(added);
    }

    private sealed class Known(IReadOnlyList<EventType> types)
    {
        public FrozenDictionary<string, EventType> ByType { get; } = types.ToFrozenDictionary(type => type.Type, StringComparer.Ordinal);

        public IReadOnlyList<string> LeftOut { get; } = [.. types.Where(type => !type.InLifecycleFeed).Select(type => type.Type)];
    }

    private sealed class Added(EventType type) : IDisposable
    {
        public void Dispose()
        {
            lock (Changing) known = new Known([.. known.ByType.Values.Where(other => other != type)]);
        }
    }
}
