using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.ServerFeatures;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>
/// Plays all recorded calls against one served log, in the order in which one server answered them, with what was done
/// between them. So what one file presupposes is what the files before it left. The answers are judged call by call.
/// </summary>
public sealed class Replay
{
    private const string Streams = "/event_store.client.streams.Streams/";

    private static readonly Lazy<Task<IReadOnlyDictionary<string, IReadOnlyList<string>>>> Outcomes = new(() => new Replay().RunAsync());

    private readonly Positions positions = new();
    private readonly HashSet<string> sentIds = [];
    private readonly Dictionary<string, IReadOnlyList<string>> outcomes = [];
    private readonly ManualTime time = new(DateTimeOffset.FromUnixTimeSeconds(1795224676));
    private readonly Comparison comparison;

    private Replay() => comparison = new Comparison(positions, sentIds);

    /// <summary>What was wrong with a call; empty: nothing.</summary>
    public static async Task<IReadOnlyList<string>> OutcomeAsync(Recording recording) => (await Outcomes.Value)[recording.Id];

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync()
    {
        await using var served = await ServedLog.StartAsync(time);
        var scene = new Scene(served, time);
        foreach (var recording in Recording.All.Where(recording => !Unsupported.Reasons.ContainsKey(recording.Id)))
        {
            await scene.BeforeAsync(recording);
            var differences = new List<string>();
            try
            {
                await PlayAsync(served, scene, recording, differences);
            }
            catch (Exception e)
            {
                differences.Add($"failed: {e}");
            }

            outcomes[recording.Id] = differences;
        }

        return outcomes;
    }

    private async Task PlayAsync(ServedLog served, Scene scene, Recording recording, List<string> differences)
    {
        using var call = served.Call(recording.Path, Requests(recording), recording.RequestHeaders);
        if (recording.ResponseHeaders is null)
        {
            await served.RoundTripAsync();
            if (!call.IsSilent) differences.Add("it was answered");
            return;
        }

        var recorded = recording.Responses.Select(response => Response(recording, response)).ToList();
        var mine = new List<IMessage>();
        if (recorded.Count > 0 || recording.EndedByServer)
        {
            Compare("headers", recording.ResponseHeaders, await call.HeadersAsync(), differences);
            await ReadAsync(call, scene, recording, recorded, mine);
        }

        Judge(recording, recorded, mine, differences);
        await JudgeEndAsync(served, call, recording, differences);
    }

    private static async Task ReadAsync(RawCall call, Scene scene, Recording recording, List<IMessage> recorded, List<IMessage> mine)
    {
        var wanted = Wanted(recording, recorded).Count;
        while (Wanted(recording, mine).Count < wanted)
        {
            if (await call.NextAsync().WaitAsync(Eventually.Limit) is not { } next) return;
            mine.Add(Response(recording, next));
            await scene.MeanwhileAsync(recording, mine);
        }
    }

    private void Judge(Recording recording, List<IMessage> recorded, List<IMessage> mine, List<string> differences)
    {
        var (theirs, ours) = (Wanted(recording, recorded), Wanted(recording, mine));
        if (theirs.Count != ours.Count)
        {
            differences.Add($"{ours.Count} answers instead of {theirs.Count}");
            return;
        }

        foreach (var (expected, actual) in theirs.Zip(ours))
            differences.AddRange(comparison.Differences(expected, actual).Select(difference => $"{difference} in {Comparison.Json(actual)}"));
        if (Checkpoints.AreOurs(recording)) differences.AddRange(Checkpoints.Wrong(recording, mine));
    }

    private static async Task JudgeEndAsync(ServedLog served, RawCall call, Recording recording, List<string> differences)
    {
        if (recording.EndedByServer)
        {
            if (await call.NextAsync().WaitAsync(Eventually.Limit) is not null) differences.Add("more came than was recorded");
            else Compare("trailers", recording.Trailers ?? new Dictionary<string, string>(), await call.TrailersAsync(), differences);
        }
        else if (!Scene.WasLeftEarly(recording))
        {
            if (recording.Responses.Count == 0 && call.IsSilent) return;
            var next = call.NextAsync();
            await served.RoundTripAsync();
            if (next.IsCompleted) differences.Add(await next is null ? "the server ended the call" : "more came than was recorded");
        }
    }

    /// <summary>What has to come as it was recorded, in an order of its own where the server was free.</summary>
    private static List<IMessage> Wanted(Recording recording, List<IMessage> messages) => recording.Name switch
    {
        // Five answers on one call, as they were ready.
        "pipelined" => [.. messages.OrderBy(message => ((BatchAppendResp)message).CorrelationId.String, StringComparer.Ordinal)],

        // That server tells of its own time-out an answer too late, four seconds after it has refused the request.
        "missing-type-4s" => [.. messages.Take(1)],
        "server-features" => [.. messages.Select(message => Unsupported.OnlyServed((SupportedMethods)message))],
        _ when Checkpoints.AreOurs(recording) => [.. messages.Where(message => ((ReadResp)message).ContentCase != ReadResp.ContentOneofCase.Checkpoint)],
        _ => messages,
    };

    private IEnumerable<byte[]> Requests(Recording recording) =>
        [.. recording.Requests.Select(message => Mapped(recording, message ?? TooLong.Message(recording)))];

    /// <summary>A position in a request is one that the server gave.</summary>
    private byte[] Mapped(Recording recording, byte[] message)
    {
        var ids = recording.Path[Streams.Length..] switch
        {
            "Append" => [AppendReq.Parser.ParseFrom(message).ProposedMessage?.Id],
            "BatchAppend" => BatchAppendReq.Parser.ParseFrom(message).ProposedMessages.Select(proposed => (UUID?)proposed.Id),
            _ => [],
        };
        sentIds.UnionWith(ids.OfType<UUID>().Select(id => id.String));
        if (recording.Path != Streams + "Read" || ReadReq.Parser.ParseFrom(message) is not { Options.All.Position: { } position } read) return message;
        if (position.CommitPosition < position.PreparePosition) return message;
        position.CommitPosition = positions.Of(position.CommitPosition);
        position.PreparePosition = positions.Of(position.PreparePosition);
        return read.ToByteArray();
    }

    private static IMessage Response(Recording recording, byte[] message) => recording.Path switch
    {
        Streams + "Append" => AppendResp.Parser.ParseFrom(message),
        Streams + "BatchAppend" => BatchAppendResp.Parser.ParseFrom(message),
        Streams + "Read" => ReadResp.Parser.ParseFrom(message),
        Streams + "Delete" => DeleteResp.Parser.ParseFrom(message),
        Streams + "Tombstone" => TombstoneResp.Parser.ParseFrom(message),
        "/event_store.client.server_features.ServerFeatures/GetSupportedMethods" => SupportedMethods.Parser.ParseFrom(message),
        "/event_store.client.gossip.Gossip/Read" => EventStoreProtocol.Gossip.ClusterInfo.Parser.ParseFrom(message),
        _ => throw new InvalidOperationException($"No answer of {recording.Path} is known."),
    };

    private static void Compare(
        string what, IReadOnlyDictionary<string, string> recorded, IReadOnlyDictionary<string, string> mine, List<string> differences)
    {
        foreach (var name in recorded.Keys.Union(mine.Keys).Except(["date", "server"]))
        {
            var (theirs, ours) = (recorded.GetValueOrDefault(name), mine.GetValueOrDefault(name));
            if (theirs != ours) differences.Add($"{what}: {name}: '{ours}' instead of '{theirs}'");
        }
    }
}
