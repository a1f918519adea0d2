using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The parts of a stream that are shown to a client, without their texts: a fold of the stream's
/// events.</summary>
internal sealed class PartIndex
{
    private readonly List<PartEntry> parts = [];
    private readonly Dictionary<int, PartEntry> open = [];
    private readonly Dictionary<string, PartEntry> replaceable = new(StringComparer.Ordinal);
    private long body;

    /// <summary>By number, ascending; what a later one stands for is left out.</summary>
    public IEnumerable<PartEntry> Parts => parts.Where(part => !part.IsReplaced);

    public int Count => parts.Count;

    public static async Task<PartIndex> ReadAsync(PartEvents events, ShownParts shown, CancellationToken ct)
    {
        var index = new PartIndex();
        await foreach (var recorded in events.AfterAsync(StreamHead.None, ct)) index.Apply(recorded, shown);
        return index;
    }

    /// <summary>Tells the parts that one client sees from those that another does.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) hash.AppendData(BitConverter.GetBytes(part.Number));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private void Apply(RecordedEvent recorded, ShownParts shown)
    {
        switch (recorded.Event)
        {
            case ChunkPersisted e:
                body = e.Offset + Encoding.UTF8.GetByteCount(e.Text);
                break;
            case PartStarted e when shown.Sees(e.Part, e.Start):
                Start(e, recorded.Revision);
                break;
            case PartPersisted e when open.TryGetValue(e.Part, out var part):
                (part.Length, part.Last) = (part.Length + e.Bytes, recorded.Revision);
                break;
            case PartEnded e when open.Remove(e.Part, out var part):
                (part.State, part.Last) = (e.End.Error is null ? PartState.Done : PartState.Failed, recorded.Revision);
                if (part.BodyEnd is not null) part.BodyEnd = body;
                break;
            case StreamStarted or Ending:
                foreach (var part in open.Values)
                {
                    part.State = PartState.Cut;
                    if (part.BodyEnd is not null) part.BodyEnd = body;
                }

                open.Clear();
                break;
        }
    }

    private void Start(PartStarted e, Revision revision)
    {
        var part = new PartEntry(e.Part, revision, e.Before.Length) { BodyEnd = e.Start.Kind == PartKinds.Text ? e.Before.Length : null };
        parts.Add(part);
        open.Add(e.Part, part);
        var (name, isReplaced) = NameOf(e.Start);
        if (name is null) return;
        if (replaceable.Remove(name, out var before)) before.IsReplaced = true;
        if (isReplaced) replaceable[name] = part;
    }

    /// <summary>What a later part of the same name stands for: data of a key, or a call's result while it is
    /// preliminary.</summary>
    private static (string? Name, bool IsReplaced) NameOf(PartStart start)
    {
        if (start.Kind == PartKinds.ToolResult && start.Of is { } call)
            return ($"result {call}", start.Detail is { } result && KeptJson.Field(result, "preliminary") is { ValueKind: JsonValueKind.True });
        if (start.Kind != PartKinds.Data || start.Detail is not { } detail || KeptJson.Field(detail, "key") is not { } key) return (null, false);
        var bytes = Encoding.UTF8.GetBytes($"{start.Name}\n{key.GetRawText()}");
        return ($"data {Convert.ToHexStringLower(SHA256.HashData(bytes))}", true);
    }
}
