using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Options = EventSourcedStreams.EventStoreProtocol.Streams.ReadReq.Types.Options;

namespace EventStore.Client;

/// <summary>A read or a subscription as it is asked for.</summary>
internal static class ReadRequests
{
    public static ReadReq Stream(Direction direction, string stream, StreamPosition from, long maxCount, bool resolveLinks)
    {
        var options = Options(direction, maxCount, resolveLinks);
        options.NoFilter = new Empty();
        options.Stream = new Options.Types.StreamOptions { StreamIdentifier = AppendRequests.Name(stream) };
        if (from == StreamPosition.Start) options.Stream.Start = new Empty();
        else if (from == StreamPosition.End) options.Stream.End = new Empty();
        else options.Stream.Revision = from.ToUInt64();
        return new ReadReq { Options = options };
    }

    public static ReadReq All(Direction direction, Position from, IEventFilter? filter, long maxCount, bool resolveLinks)
    {
        var options = Options(direction, maxCount, resolveLinks);
        options.All = new Options.Types.AllOptions();
        if (from == Position.Start) options.All.Start = new Empty();
        else if (from == Position.End) options.All.End = new Empty();
        else options.All.Position = At(from);
        Filter(options, filter, 1);
        return new ReadReq { Options = options };
    }

    public static ReadReq Subscription(string stream, FromStream from, bool resolveLinks)
    {
        var options = Options(Direction.Forwards, null, resolveLinks);
        options.NoFilter = new Empty();
        options.Stream = new Options.Types.StreamOptions { StreamIdentifier = AppendRequests.Name(stream) };
        if (from.Position is { } after) options.Stream.Revision = after.ToUInt64();
        else options.Stream.Start = new Empty();
        return new ReadReq { Options = options };
    }

    public static ReadReq Subscription(FromAll from, SubscriptionFilterOptions? filter, bool resolveLinks)
    {
        var options = Options(Direction.Forwards, null, resolveLinks);
        options.All = new Options.Types.AllOptions();
        if (from.Position is { } after) options.All.Position = At(after);
        else options.All.Start = new Empty();
        Filter(options, filter?.Filter, filter?.CheckpointInterval ?? 1);
        return new ReadReq { Options = options };
    }

    private static Options Options(Direction direction, long? maxCount, bool resolveLinks)
    {
        var options = new Options
        {
            ReadDirection = direction switch
            {
                Direction.Forwards => ReadReq.Types.Options.Types.ReadDirection.Forwards,
                Direction.Backwards => ReadReq.Types.Options.Types.ReadDirection.Backwards,
                _ => throw new InvalidOperationException($"{direction} is no direction."),
            },
            ResolveLinks = resolveLinks,
            UuidOption = new Options.Types.UUIDOption { Structured = new Empty() },
            // From 1 on, the server says where the stream begins and ends.
            ControlOption = new Options.Types.ControlOption { Compatibility = 1 },
        };
        if (maxCount is { } count) options.Count = (ulong)count;
        else options.Subscription = new Options.Types.SubscriptionOptions();
        return options;
    }

    private static void Filter(Options options, IEventFilter? filter, uint checkpointInterval)
    {
        if (filter is null)
        {
            options.NoFilter = new Empty();
            return;
        }

        if (filter is not EventFilter wanted) throw new ArgumentException("A filter is made by StreamFilter or EventTypeFilter.", nameof(filter));
        var expression = new Options.Types.FilterOptions.Types.Expression { Regex = wanted.Regex, Prefix = { wanted.Prefixes } };
        options.Filter = new Options.Types.FilterOptions { CheckpointIntervalMultiplier = checkpointInterval, Max = wanted.MaxSearchWindow };
        if (wanted.OfStreams) options.Filter.StreamIdentifier = expression;
        else options.Filter.EventType = expression;
    }

    private static Options.Types.Position At(Position at) =>
        new() { CommitPosition = at.CommitPosition, PreparePosition = at.PreparePosition };
}
