using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A stream as a server's API shows it (docs/http-api.md); what a list leaves out is null.</summary>
internal sealed record ServerStream
{
    public required string Id { get; init; }

    public required string Status { get; init; }

    public string? Text { get; init; }

    public long? Length { get; init; }

    public long? Revision { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? LastActivityAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public StreamFailure? Error { get; init; }

    public string? FinishReason { get; init; }

    public long? Replaced { get; init; }

    public JsonElement? Usage { get; init; }

    public string? Title { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it last did anything, as far as the server says.</summary>
    public DateTimeOffset LatestAt => new[] { CreatedAt, StartedAt, LastActivityAt, EndedAt }.Max()!.Value;
}

internal sealed record ServerList(IReadOnlyList<ServerStream> Items, string? NextCursor = null);

/// <summary>Of a problem (RFC 9457) what tells cases apart.</summary>
internal sealed record ServerProblem(string? Type = null, string? Title = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, MaxDepth = 256)]
[JsonSerializable(typeof(ServerStream))]
[JsonSerializable(typeof(ServerList))]
[JsonSerializable(typeof(ServerProblem))]
internal sealed partial class ServerJson : JsonSerializerContext;
