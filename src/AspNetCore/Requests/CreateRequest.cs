using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a client says of a stream that it wants. A field that is null counts as not given.</summary>
internal sealed record CreateRequest
{
    private readonly List<string> given = [];

    public StreamId? Id { get; private set; }

    public string? Source { get; private set; }

    public JsonElement? Input { get; private set; }

    public TimeSpan? IdleTimeout { get; private set; }

    public TimeSpan? Retain { get; private set; }

    public TimeSpan? MaxDuration { get; private set; }

    public OnDisconnect OnDisconnect { get; private set; }

    public Labels Labels { get; private set; } = Labels.None;

    public Names Given => Names.From(given);

    /// <exception cref="RefusedException">Names the field that is not as it should be.</exception>
    public static CreateRequest Parse(JsonElement? body)
    {
        var request = new CreateRequest();
        var kept = 0;
        if (body is not { } fields) return request;
        foreach (var field in fields.EnumerateObject())
        {
            if (field.Name is "input" or "labels") kept += field.Value.Bytes();
            request.Set(field);
        }

        return kept <= TextLimits.InputBytes
            ? request
            : throw new RefusedException(Refusals.TooLarge("input", $"input and labels have at most {TextLimits.InputBytes} bytes together."));
    }

    /// <summary>The same with the label that a stream has by force.</summary>
    /// <exception cref="RefusedException">The client says otherwise.</exception>
    public CreateRequest With(KeyValuePair<string, string> label)
    {
        if (Labels[label.Key] is { } other && other != label.Value)
            throw new RefusedException(Refusals.Invalid($"labels.{label.Key}", $"The label '{label.Key}' says whose the stream is: leave it out."));
        return this with { Labels = Labels.From([.. Labels.Where(own => own.Key != label.Key), label]) };
    }

    /// <exception cref="RefusedException">The client itself gives a label that says whose a stream is.</exception>
    public void RefuseLabel(string name)
    {
        if (Labels[name] is null) return;
        throw new RefusedException(Refusals.Invalid($"labels.{name}", $"The label '{name}' says whose a stream is, and this caller has none to give: leave it out."));
    }

    private void Set(JsonProperty field)
    {
        var isNull = field.Value.ValueKind == JsonValueKind.Null;
        switch (field.Name)
        {
            case "id": if (!isNull) Id = StreamIds.Parse(field.Text()); break;
            case "source": if (!isNull) Source = field.Text(); break;
            case "input": if (!isNull) Input = field.Value; break;
            case "idleTimeoutSeconds": if (!isNull) IdleTimeout = field.Seconds(CreationLimits.LeastIdleSeconds, CreationLimits.MostIdleSeconds); break;
            case "retainSeconds": if (!isNull) Retain = field.Seconds(0, CreationLimits.MostRetainSeconds); break;
            case "maxDurationSeconds": if (!isNull) MaxDuration = field.Seconds(CreationLimits.LeastDurationSeconds, CreationLimits.MostDurationSeconds); break;
            case "onDisconnect": if (!isNull) OnDisconnect = OnDisconnectOf(field); break;
            case "labels": if (!isNull) Labels = LabelsOf(field); break;
            default: throw field.Unknown("id, source, input, idleTimeoutSeconds, retainSeconds, maxDurationSeconds, onDisconnect, labels");
        }

        if (!isNull) given.Add(field.Name);
    }

    private static OnDisconnect OnDisconnectOf(JsonProperty field) =>
        OnDisconnectNames.Parse(field.Text()) ?? throw field.Refused("is \"continue\" or \"cancel\".");

    private static Labels LabelsOf(JsonProperty field)
    {
        if (field.Value.ValueKind != JsonValueKind.Object) throw field.Refused("is an object of strings.");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in field.Value.EnumerateObject())
        {
            if (!CreationLimits.IsLabelName(label.Name))
                throw field.Refused($"has names of 1 to {CreationLimits.LabelNameChars} characters, without ':'.");
            if (label.Value.ValueKind != JsonValueKind.String || label.Value.GetString() is not { Length: <= CreationLimits.LabelValueChars } value)
                throw new RefusedException(Refusals.Invalid(
                    $"labels.{label.Name}", $"A label's value is a string of at most {CreationLimits.LabelValueChars} characters."));
            labels.Add(label.Name, value);
        }

        return labels.Count <= CreationLimits.Labels ? Labels.From(labels) : throw field.Refused($"has at most {CreationLimits.Labels} labels.");
    }
}

/// <summary>The same, for the API's description.</summary>
[Description("A stream that is to be. Everything is optional.")]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record CreateBody(
    [property: Description("Chosen by the client, so that the same request again finds the same stream: " + StreamIds.Grammar + ". Default: made by the server.")]
    string? Id = null,
    [property: Description("A text source that this server has, such as demo, upload or openai.")] string? Source = null,
    [property: Description("The source's own JSON, kept as it is; with the labels at most 256 KiB.")] JsonElement? Input = null,
    [property: Description("5 to 86400: after how long a silence the stream ends.")] int? IdleTimeoutSeconds = null,
    [property: Description("How long after its end the stream is deleted.")] long? RetainSeconds = null,
    [property: Description("1 to 86400: how long after its start the stream ends as timeout, if it has not ended. Default: not at all.")]
    int? MaxDurationSeconds = null,
    [property: Description("continue (default), or cancel: once it has had neither a driver nor a follower for 10 s, it is cancelled.")]
    string? OnDisconnect = null,
    [property: Description("At most 32; names 1 to 64 characters without ':', values at most 256.")] IReadOnlyDictionary<string, string>? Labels = null);
