using System.Text.Json;
using EventSourcedStreams.Client;

namespace EventSourcedStreams.Audit.Check;

/// <summary>A stream as a server's API shows it (docs/http-api.md); what a list leaves out is null or empty.</summary>
internal sealed record ServerStream
{
    public required string Id { get; init; }

    /// <summary>Empty in a list's item that says only that the stream cannot be read
    /// (<see cref="IsUnread"/>).</summary>
    public string Status { get => field ?? ""; init; }

    public string? Text { get; init; }

    public long? Length { get; init; }

    public long? Revision { get; init; }

    public string Source { get => field ?? ""; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? LastActivityAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public StreamFailure? Error { get; init; }

    public string? FinishReason { get; init; }

    public long? Replaced { get; init; }

    public JsonElement? Usage { get; init; }

    public string? Title { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    public bool? Damaged { get; init; }

    public ServerForeignEvent? Foreign { get; init; }

    public static ServerStream Of(TextStream stream) => new()
    {
        Id = stream.Id,
        Status = stream.StatusName ?? "",
        Text = stream.Text,
        Length = stream.Length,
        Revision = stream.Revision,
        Source = stream.Source,
        CreatedAt = stream.CreatedAt,
        StartedAt = stream.StartedAt,
        LastActivityAt = stream.LastActivityAt,
        EndedAt = stream.EndedAt,
        Error = stream.Error is { } error ? new StreamFailure(error.Code, error.Message, error.By) : null,
        FinishReason = stream.FinishReason,
        Replaced = stream.Replaced,
        Usage = stream.Usage,
        Title = stream.Title,
        Labels = stream.Labels,
        Damaged = stream.Damaged ? true : null,
        Foreign = stream.Foreign is { } foreign ? new ServerForeignEvent(foreign.Type, foreign.Revision) : null,
    };

    /// <summary>The server says no more of it than that it is damaged, or another program's.</summary>
    public bool IsUnread => Status.Length == 0 && (Damaged is true || Foreign is not null);

    /// <summary>It says what every stream has.</summary>
    public bool IsWhole => Status.Length > 0 && Source.Length > 0 && CreatedAt != default;

    /// <summary>When it last did anything, as far as the server says.</summary>
    public DateTimeOffset LatestAt => new[] { CreatedAt, StartedAt, LastActivityAt, EndedAt }.Max()!.Value;
}

internal sealed record ServerForeignEvent(string Type, long Revision);

internal sealed record ServerList(IReadOnlyList<ServerStream> Items, string? NextCursor = null);
