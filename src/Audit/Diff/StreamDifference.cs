using System.Text.Json.Serialization;

namespace EventSourcedStreams.Audit.Diff;

/// <summary>The first thing in which a stream differs; a line of <c>diff --json</c>.</summary>
/// <param name="Id">The stream's id on the first side.</param>
/// <param name="OtherId">On the second; left out where it is the same.</param>
/// <param name="Revision">Left out where the streams differ as a whole, as where one is not there.</param>
/// <param name="Field">As <c>type</c>, <c>eventId</c>, <c>data.text</c> or <c>metadata.at</c>; <c>stream</c> for the
/// whole.</param>
/// <param name="A">What the first side has; a part of it where it is long.</param>
internal sealed record StreamDifference(string Id, string? OtherId, long? Revision, string Field, string? A, string? B);

/// <summary>The last line of <c>diff --json</c>.</summary>
internal sealed record DiffSummary(long Streams, long Different);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamDifference))]
[JsonSerializable(typeof(DiffSummary))]
internal sealed partial class DiffJson : JsonSerializerContext;
