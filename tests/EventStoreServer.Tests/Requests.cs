using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Empty = EventSourcedStreams.EventStoreProtocol.Empty;
using Wkt = Google.Protobuf.WellKnownTypes;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>Requests as clients make them.</summary>
internal static class Requests
{
    public static StreamIdentifier Name(string stream) => new() { StreamName = ByteString.CopyFromUtf8(stream) };

    public static AppendReq[] Append(string stream, params string[] texts) =>
    [
        new AppendReq { Options = new AppendReq.Types.Options { StreamIdentifier = Name(stream), Any = new Empty() } },
        .. texts.Select(text => new AppendReq
        {
            ProposedMessage = new AppendReq.Types.ProposedMessage
            {
                Id = NewId(),
                Metadata = { ["type"] = "counted", ["content-type"] = "application/json" },
                Data = ByteString.CopyFromUtf8(text),
            },
        }),
    ];

    /// <param name="expected">-1 for no stream.</param>
    public static BatchAppendReq Batch(string stream, long expected, string text, TimeSpan? deadline = null, string? id = null)
    {
        var options = new BatchAppendReq.Types.Options { StreamIdentifier = Name(stream) };
        if (expected < 0) options.NoStream = new Wkt.Empty();
        else options.StreamPosition = (ulong)expected;
        if (deadline is { } limit) options.Deadline = Duration.FromTimeSpan(limit);
        return new BatchAppendReq
        {
            CorrelationId = NewId(),
            Options = options,
            IsFinal = true,
            ProposedMessages =
            {
                new BatchAppendReq.Types.ProposedMessage
                {
                    Id = id is null ? NewId() : new UUID { String = id },
                    Metadata = { ["type"] = "counted", ["content-type"] = "application/json" },
                    Data = ByteString.CopyFromUtf8(text),
                },
            },
        };
    }

    public static ReadReq FollowStream(string stream, long after = -1)
    {
        var of = new ReadReq.Types.Options.Types.StreamOptions { StreamIdentifier = Name(stream) };
        if (after < 0) of.Start = new Empty();
        else of.Revision = (ulong)after;
        return Follow(new ReadReq.Types.Options { Stream = of, NoFilter = new Empty() });
    }

    public static ReadReq FollowAll(ulong after = 0, ReadReq.Types.Options.Types.FilterOptions? filter = null)
    {
        var of = new ReadReq.Types.Options.Types.AllOptions();
        if (after == 0) of.Start = new Empty();
        else of.Position = new ReadReq.Types.Options.Types.Position { CommitPosition = after, PreparePosition = after };
        var options = new ReadReq.Types.Options { All = of };
        if (filter is null) options.NoFilter = new Empty();
        else options.Filter = filter;
        return Follow(options);
    }

    public static ReadReq.Types.Options.Types.FilterOptions ByStream(string? prefix = null, string? regex = null, uint window = 5)
    {
        var by = new ReadReq.Types.Options.Types.FilterOptions.Types.Expression { Regex = regex ?? "" };
        if (prefix is not null) by.Prefix.Add(prefix);
        return new() { StreamIdentifier = by, Max = window, CheckpointIntervalMultiplier = 1 };
    }

    public static NewEvent[] Events(int count, int bytes = 10, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => new NewEvent(
            new Domain.EventId(Guid.NewGuid()), "counted", "application/json", System.Text.Encoding.UTF8.GetBytes($"{i}".PadRight(bytes)), default))];

    public static UUID NewId() => new() { String = Guid.NewGuid().ToString() };

    private static ReadReq Follow(ReadReq.Types.Options options)
    {
        options.Subscription = new ReadReq.Types.Options.Types.SubscriptionOptions();
        options.UuidOption = new ReadReq.Types.Options.Types.UUIDOption { String = new Empty() };
        return new ReadReq { Options = options };
    }
}
