using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Verify;

// The lines of verify --json. What is not known is left out; times are RFC 3339 UTC, hashes base64url, digests
// hexadecimal.

internal sealed record FindingLine(string Kind, string Code, string? Stream, long? Revision, string Expected, string Found);

/// <summary>One for each stream that was asked for by name, and for each that was deleted since the statement
/// (<c>deleted</c>).</summary>
internal sealed record StreamLine(
    string Kind,
    string Stream,
    string? Status,
    long? Revision,
    string? Hash,
    bool Tombstone,
    string? By,
    DateTime? At,
    long Events,
    long Bytes,
    long Findings);

/// <param name="Key"><c>given</c>, or <c>embedded</c> where only the public key in the file itself was used.</param>
internal sealed record StatementLine(
    string Kind, string File, string Sha256, DateTime At, string? Log, long? Streams, string PublicKeySha256, string Key);

/// <param name="Bytes">Data and metadata.</param>
/// <param name="Statement">The file that was written.</param>
internal sealed record SummaryLine(
    string Kind,
    long Streams,
    long Events,
    long Bytes,
    double Seconds,
    long Findings,
    long Damaged,
    IReadOnlyDictionary<string, long> Statuses,
    AgainstLine? Against,
    string? Statement,
    string? StatementSha256);

/// <param name="Unknown">Could not be read when the statement was made.</param>
/// <param name="Damaged">Something is found in them now, so that they are not as they were; null: none.</param>
internal sealed record AgainstLine(long Unchanged, long Grown, long Deleted, long New, long Unknown, long? Damaged = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FindingLine))]
[JsonSerializable(typeof(StreamLine))]
[JsonSerializable(typeof(StatementLine))]
[JsonSerializable(typeof(SummaryLine))]
internal sealed partial class VerifyJson : JsonSerializerContext;
