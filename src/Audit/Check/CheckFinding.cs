using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Where log and server do not agree; a line of <c>check --json</c>.</summary>
/// <param name="Where"><c>list</c>, <c>stream</c>, <c>text</c> (of the API), or <c>log</c> for what is damaged
/// there.</param>
/// <param name="Revision">As of which event.</param>
/// <param name="Server">What the server says; a part of it where it is long.</param>
internal sealed record CheckFinding(string Id, string Where, long? Revision, string Field, string? Server, string? Log);

/// <summary>The last line of <c>check --json</c>.</summary>
/// <param name="Grown">Streams that have gone on at the server since the copy of the log was made.</param>
/// <param name="Unaddressable">Streams with ids that this API does not take.</param>
internal sealed record CheckSummary(string Server, long Streams, long Listed, long Grown, long Unaddressable, long Findings);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckFinding))]
[JsonSerializable(typeof(CheckSummary))]
internal sealed partial class CheckJson : JsonSerializerContext;
