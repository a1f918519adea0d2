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
        else options.All.Position = At(from.CommitPosition, from.PreparePosition);
        Filter(options, filter, 1);
        return new ReadReq { Options = options };
    }

    public static ReadReq Subscription(string stream, FromStream from, bool resolveLinks)
    {
        var options = Options(Direction.Forwards, null, resolveLinks);
        options.NoFilter = new Empty();
        options.Stream = new Options.Types.StreamOptions { StreamIdentifier = AppendRequests.Name(stream) };
        if (from == FromStream.Start) options.Stream.Start = new Empty();
        else if (from == FromStream.End) options.Stream.End = new Empty();
        else options.Stream.Revision = from.ToUInt64();
        return new ReadReq { Options = options };
    }

    public static ReadReq Subscription(FromAll from, SubscriptionFilterOptions? filter, bool resolveLinks)
    {
        var options = Options(Direction.Forwards, null, resolveLinks);
        options.All = new Options.Types.AllOptions();
        if (from == FromAll.Start) options.All.Start = new Empty();
        else if (from == FromAll.End) options.All.End = new Empty();
        else options.All.Position = At(from.ToUInt64().commitPosition, from.ToUInt64().preparePosition);
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
        if (filter is null or StreamFilter { MaxSearchWindow: null } or EventTypeFilter { MaxSearchWindow: null })
        {
            options.NoFilter = new Empty();
            return;
        }

        var expression = new Options.Types.FilterOptions.Types.Expression();
        if (filter.Prefixes.Length > 0) expression.Prefix.AddRange(filter.Prefixes.Select(prefix => prefix.ToString()));
        else expression.Regex = filter.Regex.ToString();
        options.Filter = new Options.Types.FilterOptions { CheckpointIntervalMultiplier = checkpointInterval };
        if (filter is StreamFilter) options.Filter.StreamIdentifier = expression;
        else if (filter is EventTypeFilter) options.Filter.EventType = expression;
        else throw new ArgumentException("A filter is a StreamFilter or an EventTypeFilter.", nameof(filter));
        options.Filter.Max = filter.MaxSearchWindow ?? 32;
    }

    private static Options.Types.Position At(ulong commit, ulong prepare) => new() { CommitPosition = commit, PreparePosition = prepare };
}
