using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourcedStreams.Client;

/// <summary>All that is written and read, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
#if NET9_0_OR_GREATER
    RespectNullableAnnotations = true,                                           // .NET 8 has no such thing
#endif
    Converters = [typeof(KeptElementConverter)],
    MaxDepth = 512)] // what is stored nests up to 256, within an answer
[JsonSerializable(typeof(TextStream))]
[JsonSerializable(typeof(StreamList))]
[JsonSerializable(typeof(StreamProblem))]
[JsonSerializable(typeof(StreamToken))]
[JsonSerializable(typeof(CreateBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(MintBody))]
[JsonSerializable(typeof(EventData))]
[JsonSerializable(typeof(PartData))]
[JsonSerializable(typeof(EventPage))]
internal sealed partial class ClientJson : JsonSerializerContext;

internal sealed record CreateBody(
    string Id,
    string? Source,
    JsonElement? Input,
    long? IdleTimeoutSeconds,
    long? MaxDurationSeconds,
    long? RetainSeconds,
    string? OnDisconnect,
    IReadOnlyDictionary<string, string>? Labels)
{
    public static CreateBody Of(NewTextStream stream) => new(
        stream.Id ?? Guid.NewGuid().ToString("N"),
        stream.Source,
        stream.Input,
        Seconds(stream.IdleTimeout),
        Seconds(stream.MaxDuration),
        Seconds(stream.Retain),
        stream.CancelOnDisconnect ? "cancel" : null,
        stream.Labels);

    private static long? Seconds(TimeSpan? time) => time is { } known ? (long)known.TotalSeconds : null;
}

internal sealed record CancelBody(string? Reason);

internal sealed record MintBody(string? Label, IReadOnlyList<string> Rights, long? Seconds, string? Sub)
{
    public static MintBody Of(string? label, IReadOnlyList<string> rights, TimeSpan? lifetime, string? subject) =>
        new(label, rights, lifetime is { } known ? (long)known.TotalSeconds : null, subject);
}
