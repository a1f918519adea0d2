using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>What became of one stream: a line of <c>--json</c>.</summary>
/// <param name="Outcome">One of the constants.</param>
/// <param name="Written">Events that were appended, or would be (<c>--dry-run</c>).</param>
internal sealed record StreamOutcome(string Id, string Outcome, long Written = 0)
{
    /// <summary>Nothing was there; all of it is now.</summary>
    public const string New = "new";

    /// <summary>Its beginning was there.</summary>
    public const string Extended = "extended";

    /// <summary>All of it was there, event by event; or its tombstone.</summary>
    public const string Same = "same";

    /// <summary>All of it was there and more.</summary>
    public const string Ahead = "ahead";

    /// <summary>Its tombstone was written.</summary>
    public const string Deleted = "deleted";

    /// <summary>It was deleted where it should go: it stays so.</summary>
    public const string DeletedThere = "deleted-there";

    /// <summary>Not carried: it has not ended.</summary>
    public const string Running = "running";

    /// <summary>Not carried: it was deleted while it was read.</summary>
    public const string Vanished = "vanished";

    /// <summary>Not carried: another content is there under its id.</summary>
    public const string Conflict = "conflict";

    /// <summary>Not carried: it is not what was written.</summary>
    public const string Damaged = "damaged";

    /// <summary>Not carried: no surface could have written it (<see cref="Domain.StreamAdmission"/>).</summary>
    public const string Refused = "refused";

    /// <summary>For a conflict: the first revision that differs. Else the last one that is there now.</summary>
    public long? Revision { get; init; }

    public string? Detail { get; init; }

    /// <summary>Makes the exit code 1.</summary>
    [JsonIgnore]
    public bool IsFinding => Outcome is Conflict or Damaged or Refused;

    /// <summary>A person wants to know of it.</summary>
    [JsonIgnore]
    public bool IsWorthALine => IsFinding || Outcome is DeletedThere or Running or Vanished;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamOutcome))]
[JsonSerializable(typeof(CopySummary))]
internal sealed partial class CopyJson : JsonSerializerContext;
