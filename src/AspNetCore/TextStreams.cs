using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams;

/// <summary>
/// Text streams for the app's own code: creates one where a request is handled, to hand its id to the browser that drives it, and reads
/// what it said. It asks nobody's leave: who may do what with a stream is the app's to know here.
/// </summary>
/// <remarks>All throw <see cref="LogUnavailableException"/> while the event log does not answer; the same again is safe.</remarks>
public sealed class TextStreams(EngineAccess access, IOptions<TextStreamsHttpOptions> options)
{
    /// <summary>Creates a stream that waits to be driven. The same request again, with an id of the app's own, finds what is there.</summary>
    /// <exception cref="ArgumentException">A field is not as it should be; or the id is in use, or was, for something else.</exception>
    /// <exception cref="InvalidInputException">The source does not take the input.</exception>
    public async Task<StreamId> CreateAsync(NewTextStream stream, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var engine = access.Current;
            var create = CreateStream.Command(CreateRequest.Parse(stream.ToJson()), engine, options.Value, allowed: null);
            return await engine.Creation.CreateAsync(create, Caller(stream.By), ct) switch
            {
                CreateResult.Created or CreateResult.Exists => create.Id,
                CreateResult.Differs => throw new RefusedException(Refusals.IdInUse(create.Id)),
                _ => throw new RefusedException(Refusals.Deleted()),
            };
        }
        catch (RefusedException e)
        {
            throw new ArgumentException(e.Message, nameof(stream), e);
        }
    }

    /// <summary>The stream with its durable text, live or ended; null where there is none, or none any more.</summary>
    public async Task<StreamBody?> FindAsync(StreamId id, CancellationToken ct)
    {
        try
        {
            return await access.Current.Bodies.FindAsync(id, ct);
        }
        catch (StreamGoneException)
        {
            return null;
        }
    }

    /// <summary>Ends a stream, on whichever node it is driven; one that has its ending keeps it. Returns when the ending is durable.</summary>
    /// <param name="by">Who wants it, for the record; null: nobody known.</param>
    /// <returns>Whether there is such a stream.</returns>
    public async Task<bool> CancelAsync(StreamId id, string? reason, string? by, CancellationToken ct) =>
        IsThere(await access.Current.Endings.CancelAsync(id, TextCut.ToBytes(reason, TextLimits.MessageBytes), Caller(by), ct));

    /// <summary>Removes a stream and its text for ever; one that runs is cancelled first.</summary>
    /// <inheritdoc cref="CancelAsync"/>
    public async Task<bool> DeleteAsync(StreamId id, string? reason, string? by, CancellationToken ct) =>
        IsThere(await access.Current.Endings.DeleteAsync(id, TextCut.ToBytes(reason, TextLimits.MessageBytes), Caller(by), ct));

    private static bool IsThere(EndResult result) => result is not (EndResult.UnknownStream or EndResult.Deleted);

    private static Caller Caller(string? by) =>
        string.IsNullOrEmpty(by) ? EventSourcedStreams.Caller.Nobody : new(TextCut.ToBytes(by, TextLimits.ActorBytes), Activity.Current?.TraceId.ToString());
}

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

    /// <summary>How long after its end the stream is deleted, in whole seconds; null: as configured.</summary>
    public TimeSpan? Retain { get; init; }

    /// <summary>What the app notes on it; with <c>OwnedBy</c>, its owner's label too.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Who wants it, for the record; null: nobody known.</summary>
    public string? By { get; init; }

    /// <summary>So that a request from code and one over HTTP are read by the same rules, and repeat each other.</summary>
    internal JsonElement ToJson()
    {
        var fields = new JsonObject { ["source"] = Source };
        if (Id is not null) fields["id"] = Id;
        if (Input is { } input) fields["input"] = JsonSerializer.SerializeToNode(input);
        if (IdleTimeout is { } idle) fields["idleTimeoutSeconds"] = (long)idle.TotalSeconds;
        if (Retain is { } retain) fields["retainSeconds"] = (long)retain.TotalSeconds;
        if (Labels is { } labels) fields["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        return JsonSerializer.SerializeToElement(fields);
    }
}
