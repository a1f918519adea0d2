using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventSourcedStreams.EventStoreServer;

using Starting = ReadReq.Types.Options.Types.AllOptions.AllOptionOneofCase;

/// <summary>Where reading everything begins.</summary>
internal static class AllPositions
{
    /// <returns>0 for the start, 2^63−1 for the end.</returns>
    public static long Of(ReadReq.Types.Options.Types.AllOptions options) => options.AllOptionCase switch
    {
        Starting.Start => 0,
        Starting.End => long.MaxValue,
        Starting.Position when options.Position.CommitPosition >= options.Position.PreparePosition =>
            (long)Math.Min(options.Position.CommitPosition, long.MaxValue),
        _ => throw Refused.Unusable(),
    };
}
