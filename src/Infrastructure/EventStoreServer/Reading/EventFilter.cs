using System.Text.RegularExpressions;
using EventSourcedStreams.EventStoreProtocol.Streams;

namespace EventSourcedStreams.EventStoreServer;

using Filtering = ReadReq.Types.Options.Types.FilterOptions;

/// <summary>What a read of everything lets through, by the stream's name or the event's type.</summary>
internal sealed class EventFilter
{
    /// <summary>Events looked at between two checkpoints, where the request leaves it to the server.</summary>
    private const uint UsualWindow = 32;

    /// <summary>For one name: what takes longer runs away.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(100);

    private EventFilter(Func<string, string, bool> matches, ulong interval) => (Matches, Interval) = (matches, interval);

    public Func<string, string, bool> Matches { get; }

    /// <summary>Events looked at between two checkpoints, of which a subscription has some. 0: none is ever looked
    /// at.</summary>
    public ulong Interval { get; }

    /// <exception cref="Grpc.Core.RpcException">The filter is none.</exception>
    public static EventFilter From(Filtering filter)
    {
        var window = filter.WindowCase switch
        {
            Filtering.WindowOneofCase.Max => filter.Max,
            Filtering.WindowOneofCase.Count => UsualWindow,
            _ => throw Refused.Invalid("The filter's window is neither max nor count."),
        };
        return new EventFilter(Matching(filter), (ulong)window * filter.CheckpointIntervalMultiplier);
    }

    private static Func<string, string, bool> Matching(Filtering filter)
    {
        switch (filter.FilterCase)
        {
            case Filtering.FilterOneofCase.StreamIdentifier:
                var ofStream = Matching(filter.StreamIdentifier);
                return (stream, _) => ofStream(stream);
            case Filtering.FilterOneofCase.EventType:
                var ofType = Matching(filter.EventType);
                return (_, type) => ofType(type);
            default:
                throw Refused.Invalid("The filter names neither streams nor event types.");
        }
    }

    private static Func<string, bool> Matching(Filtering.Types.Expression expression)
    {
        if (expression.Regex.Length > 0) return Compile(expression.Regex).IsMatch;
        string[] prefixes = [.. expression.Prefix];
        return name => Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Without backtracking where the expression allows it, so that no name takes long.</summary>
    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTime);
        }
        catch (NotSupportedException)
        {
            return new Regex(expression, RegexOptions.CultureInvariant, MatchTime);
        }
        catch (ArgumentException)
        {
            throw Refused.Invalid("The filter's regular expression is not one.");
        }
    }
}
