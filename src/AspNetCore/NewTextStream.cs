using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams;

/// <summary>A stream that is to be, as <c>POST /v1/streams</c> takes it.</summary>
/// <param name="Source">The text source that will write it.</param>
public sealed record NewTextStream(string Source)
{
    /// <summary>The app's own id for it, which is never used again; null: one is made.</summary>
    public string? Id { get; init; }

    /// <summary>The source's own JSON, kept with the stream: <c>JsonSerializer.SerializeToElement(…)</c>.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>After how long a silence the stream ends, in whole seconds; null: as configured.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long after its start the stream ends as <c>timeout</c>, if it has not ended, in whole seconds, 1 s
    /// to 1 day; null: not at all.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>What becomes of the stream when its driver has gone.</summary>
    public OnDisconnect OnDisconnect { get; init; }

    /// <summary>How long after its end the stream is deleted, in whole seconds; null: as configured.</summary>
    public TimeSpan? Retain { get; init; }

    /// <summary>What the app notes on it; with <c>OwnedBy</c>, its owner's label too.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The actor, for the record; null: not known.</summary>
    public string? By { get; init; }

    /// <summary>So that a request from code and one over HTTP are read by the same rules, and repeat each
    /// other.</summary>
    /// <exception cref="RefusedException">The input cannot be written as JSON.</exception>
    internal JsonElement ToJson()
    {
        try
        {
            return JsonSerializer.SerializeToElement(Fields());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RefusedException(Refusals.Invalid(
                "input", "The input nests too deep (at most 60 levels), holds half of a surrogate pair, or is no value at all."));
        }
    }

    private JsonObject Fields()
    {
        var fields = new JsonObject { ["source"] = Source };
        if (Id is not null) fields["id"] = Id;
        if (Input is { } input) fields["input"] = JsonSerializer.SerializeToNode(input);
        if (IdleTimeout is { } idle) fields["idleTimeoutSeconds"] = (long)idle.TotalSeconds;
        if (MaxDuration is { } most) fields["maxDurationSeconds"] = (long)most.TotalSeconds;
        if (OnDisconnect is not OnDisconnect.Continue) fields["onDisconnect"] = OnDisconnect.Name();
        if (Retain is { } retain) fields["retainSeconds"] = (long)retain.TotalSeconds;
        if (Labels is { } labels) fields["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        return fields;
    }
}
