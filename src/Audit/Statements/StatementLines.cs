using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Statements;

// The four kinds of lines of a statement, in their order. Stored for ever: a new field is optional, a changed meaning
// is another version.

/// <param name="V">1; a reader refuses any other.</param>
/// <param name="About">Explains the file to a reader without this program.</param>
/// <param name="Log">The log's identity; left out where it has none.</param>
/// <param name="At">By the auditor's clock, UTC, when the verification began.</param>
/// <param name="PublicKey">Base64 of the DER of its SubjectPublicKeyInfo.</param>
/// <param name="PublicKeySha256">Of that DER, hexadecimal.</param>
internal sealed record StatementHeader(
    string Statement,
    int V,
    string About,
    string Tool,
    string? Log,
    string Prefix,
    DateTime At,
    StatementLink? Previous,
    string PublicKey,
    string PublicKeySha256)
{
    public const string Name = "event-sourced-streams";
    public const int Version = 1;

    public const string WhatItIs =
        "What a verification of a log of text streams saw. One JSON object a line, each ended by one line feed: this header; one line for each "
        + "stream (its last event's revision, from 0, and that event's hash, base64url SHA-256, which covers all events before it); totals, with "
        + "the SHA-256 of all lines above them; the signature. The signature is ECDSA P-256 with SHA-256, DER in base64, over all bytes of the "
        + "file before the last line. previous.sha256 is the SHA-256 of the whole file of the statement before.";
}

/// <param name="Sha256">Of the whole file of the statement before, hexadecimal.</param>
internal sealed record StatementLink(string Sha256, DateTime At);

/// <param name="Status">Left out where no event could be read.</param>
/// <param name="Revision">Of the last event, with its <paramref name="Hash"/>; left out where that was not
/// known.</param>
/// <param name="Tombstone">Nothing but a tombstone is left, or will be.</param>
/// <param name="By">The actor of its deletion, and <paramref name="At"/> its time; left out where it is not deleted, or
/// nothing says so.</param>
/// <param name="Findings">How many the verification had; left out for none.</param>
internal sealed record StatementStream(
    string Stream, string? Status, long? Revision, string? Hash, bool? Tombstone, string? By, DateTime? At, long? Findings);

/// <param name="End">The furthest place in the log of an event of these streams: commit/prepare, the same number twice
/// on an embedded log.</param>
/// <param name="Sha256">Of all lines above, hexadecimal.</param>
internal sealed record StatementTotals(
    long Streams, long Deleted, long Events, long Bytes, long Findings, string End, string Sha256);

internal sealed record StatementSignature(string Signature);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StatementHeader))]
[JsonSerializable(typeof(StatementStream))]
[JsonSerializable(typeof(StatementTotals))]
[JsonSerializable(typeof(StatementSignature))]
internal sealed partial class StatementJson : JsonSerializerContext;
