using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>The data of the events of a part: which fields, in which order; and back.</summary>
internal static class PartEventData
{
    public static void Write(PartStarted e, JsonBytes json)
    {
        json.Number("part"u8, e.Part);
        json.Text("kind"u8, e.Start.Kind);
        if (e.Start.Of is { } of) json.Number("of"u8, of);
        json.TextIfAny("name"u8, e.Start.Name);
        json.TextIfAny("callId"u8, e.Start.CallId);
        json.TextIfAny("mediaType"u8, e.Start.MediaType);
        json.TextIfAny("encoding"u8, e.Start.Encoding.Name());
        StreamEventData.WriteRaw(e.Start.Detail, "detail"u8, json);
        WritePlace(e.Since, e.Before, json);
    }

    public static void Write(PartPersisted e, JsonBytes json)
    {
        json.Number("part"u8, e.Part);
        json.Number("index"u8, e.Index);
        json.Number("offset"u8, e.Offset);
        json.Text("text"u8, e.Text);
        WritePlace(e.Since, e.Before, json);
    }

    public static void Write(PartEnded e, JsonBytes json)
    {
        json.Number("part"u8, e.Part);
        json.Number("length"u8, e.Length);
        StreamEventData.WriteRaw(e.End.Detail, "detail"u8, json);
        json.TextIfAny("error"u8, e.End.Error);
        WritePlace(e.Since, e.Before, json);
    }

    public static PartStarted ReadStarted(JsonFields data, DateTimeOffset at) => new(
        data.Int("part"),
        new PartStart(data.Text("kind"))
        {
            Of = data.OptionalInt("of"),
            Name = data.OptionalText("name"),
            CallId = data.OptionalText("callId"),
            MediaType = data.OptionalText("mediaType"),
            Encoding = ReadEncoding(data.OptionalText("encoding")),
            Detail = data.RawIfAny("detail"),
        },
        data.Time("since"),
        ReadExtent(data.Object("at")))
    { At = at };

    public static PartPersisted ReadPersisted(JsonFields data, DateTimeOffset at) => new(
        data.Int("part"), data.Int("index"), data.Long("offset"), data.Text("text"), data.Time("since"), ReadExtent(data.Object("at")))
    { At = at };

    public static PartEnded ReadEnded(JsonFields data, DateTimeOffset at) => new(
        data.Int("part"),
        data.Long("length"),
        new PartEnd { Detail = data.RawIfAny("detail"), Error = data.OptionalText("error") },
        data.Time("since"),
        ReadExtent(data.Object("at")))
    { At = at };

    private static void WritePlace(DateTimeOffset since, StreamExtent before, JsonBytes json)
    {
        json.Time("since"u8, since);
        json.Open("at"u8);
        json.Number("chunks"u8, before.Chunks);
        json.Number("length"u8, before.Length);
        json.Number("parts"u8, before.Parts);
        json.Number("bytes"u8, before.PartBytes);
        json.Close();
    }

    private static StreamExtent ReadExtent(JsonFields at) =>
        new(at.Int("chunks"), at.Long("length"), at.Int("parts"), at.Long("bytes"));

    private static PartEncoding ReadEncoding(string? name) =>
        PartEncodingNames.Parse(name) ?? throw new FormatException($"'encoding' is '{name}'. Was it written by a newer version?");
}
