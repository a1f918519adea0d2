using System.Text.Json.Nodes;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>
/// Compares messages field by field. Left out: what the clock says, ids that the server makes, and positions, whose
/// relations are checked.
/// </summary>
/// <param name="sentIds">Ids of events that a client chose; the others are the server's.</param>
internal sealed class Comparison(Positions positions, ISet<string> sentIds)
{
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(false, TypeRegistry.FromFiles(
        SharedReflection.Descriptor, StreamsReflection.Descriptor)));

    public static JsonNode Json(IMessage message) => JsonNode.Parse(Formatter.Format(message))!;

    public List<string> Differences(IMessage recorded, IMessage mine)
    {
        var differences = new List<string>();
        Compare(Json(recorded), Json(mine), "", differences);
        return differences;
    }

    private void Compare(JsonNode? recorded, JsonNode? mine, string path, List<string> differences)
    {
        if (recorded is JsonObject theirs && mine is JsonObject ours)
        {
            foreach (var name in theirs.Select(field => field.Key).Union(ours.Select(field => field.Key)).ToArray())
                Compare(theirs[name], ours[name], $"{path}/{name}", differences);
        }
        else if (recorded is JsonArray list && mine is JsonArray mylist && list.Count == mylist.Count)
        {
            for (var i = 0; i < list.Count; i++) Compare(list[i], mylist[i], $"{path}/{i}", differences);
        }
        else if (Difference(recorded, mine, path) is { } difference)
        {
            differences.Add($"{path}: {difference}");
        }
    }

    private string? Difference(JsonNode? recorded, JsonNode? mine, string path)
    {
        var field = path[(path.LastIndexOf('/') + 1)..];
        var isEvent = path.StartsWith("/event/", StringComparison.Ordinal);
        switch (field)
        {
            // Of a checkpoint at an event that the filter left out, EventStoreDB says only half.
            case "preparePosition" when recorded is null && path.StartsWith("/checkpoint/", StringComparison.Ordinal):
                return mine is null ? "there is none" : null;
            case "commitPosition" or "preparePosition":
                if (recorded is null || mine is null) break;
                var (theirs, ours) = (ulong.Parse(recorded.GetValue<string>()), ulong.Parse(mine.GetValue<string>()));
                return isEvent ? positions.RelateEvent(theirs, ours) : positions.Relate(theirs, ours);
            case "created" or "timeStamp" or "mostSignificantBits" or "leastSignificantBits" when isEvent && field == "created" || path.Contains("/members/"):
                return long.TryParse(mine?.ToString(), out _) ? null : $"{mine} is no number";
            case "port":
                return mine is null ? "there is none" : null;
            case "subscriptionId":
                return Guid.TryParse(mine?.ToString(), out _) ? null : $"{mine} is no id";
            case "string" when path.EndsWith("/id/string", StringComparison.Ordinal) && !sentIds.Contains(recorded?.ToString() ?? ""):
                return Guid.TryParse(mine?.ToString(), out var id) && !sentIds.Contains(id.ToString()) ? null : $"{mine} is no id of the server's";
        }

        return JsonNode.DeepEquals(recorded, mine) ? null : $"{mine?.ToJsonString() ?? "nothing"} instead of {recorded?.ToJsonString() ?? "nothing"}";
    }
}
