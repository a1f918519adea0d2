using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>
/// Where EventStoreDB puts checkpoints while a subscription catches up follows from how it reads its pages, and it says
/// only half of some. Ours come each max × multiplier events looked at, as its own do once the subscription is live.
/// </summary>
internal static class Checkpoints
{
    /// <summary>They are judged by our rule, and the other answers without them.</summary>
    public static bool AreOurs(Recording recording) =>
        recording is { File: "06-subscribe-all" }
        && Interval(recording) is > 0
        && recording.Name is not ("filter-live" or "filter-exclude-system");

    /// <summary>In the log there is nothing but what the recording's own subscriptions have seen, one checkpoint each
    /// event: so positions count the events.</summary>
    public static IEnumerable<string> Wrong(Recording recording, IReadOnlyList<IMessage> mine)
    {
        var interval = (ulong)Interval(recording)!;
        ulong last = 0, checkpoints = 0;
        foreach (var message in mine.Cast<ReadResp>())
        {
            if (message.Checkpoint is { } checkpoint)
            {
                checkpoints++;
                if (checkpoint.CommitPosition != checkpoints * interval) yield return $"checkpoint {checkpoints} is at {checkpoint.CommitPosition}";
                if (last > checkpoint.CommitPosition) yield return $"checkpoint {checkpoints} comes after the event at {last}";
            }
            else if (message.Event is { } read)
            {
                if (read.CommitPosition <= checkpoints * interval) yield return $"the event at {read.CommitPosition} comes after its checkpoint";
                last = read.CommitPosition;
            }
        }

        if (checkpoints == 0) yield return "there is no checkpoint";

        // Each event looked at has one; the recorded ones begin with what that server wrote at position 0, and does not
        // show.
        var recorded = recording.Responses.Count(response => ReadResp.Parser.ParseFrom(response).Checkpoint is not null) - 1;
        if (interval == 1 && checkpoints != (ulong)recorded) yield return $"{checkpoints} checkpoints came instead of {recorded}";
    }

    private static long? Interval(Recording recording) =>
        recording.Requests is [{ } request] && ReadReq.Parser.ParseFrom(request).Options.Filter is { } filter
            ? (filter.Max == 0 && filter.WindowCase == ReadReq.Types.Options.Types.FilterOptions.WindowOneofCase.Count ? 32 : filter.Max)
                * filter.CheckpointIntervalMultiplier
            : null;
}
