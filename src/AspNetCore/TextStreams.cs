using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams;

/// <summary>
/// Text streams for the app's own code: creates them where a request is handled, to hand an id to the browser that
/// drives it, runs them in jobs, follows and lists them. It checks no permission: access rules are the app's here.
/// </summary>
/// <remarks>All throw <see cref="LogUnavailableException"/> while the event log does not answer; the same again is
/// safe. A test may replace any member.</remarks>
public class TextStreams : ITextStreams
{
    private const int PageSize = 200;

    private readonly EngineAccess access;
    private readonly IOptions<TextStreamsHttpOptions> options;

    internal TextStreams(EngineAccess access, IOptions<TextStreamsHttpOptions> options) => (this.access, this.options) = (access, options);

    /// <summary>For a stand-in in a test, which replaces the members that are called.</summary>
    protected TextStreams() => (access, options) = (new EngineAccess(), Options.Create(new TextStreamsHttpOptions()));

    StreamEngine ITextStreams.Engine => access.Current;

    /// <summary>Creates a stream that waits to be driven. The same request again, with an id of the app's own, finds
    /// what is there.</summary>
    /// <exception cref="ArgumentException">A field is not as it should be; or the id is in use, or was, for something
    /// else.</exception>
    /// <exception cref="InvalidInputException">The source does not take the input.</exception>
    public virtual async Task<StreamId> CreateAsync(NewTextStream stream, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var engine = access.Current;
            var create = CreateStream.Command(CreateRequest.Parse(stream.ToJson()), engine, options.Value, allowed: null);
            return await engine.Creation.CreateAsync(create, Named(stream.By), ct) switch
            {
                CreateResult.Created or CreateResult.Exists => create.Id,
                CreateResult.Differs => throw new RefusedException(Refusals.IdInUse(create.Id)),
                CreateResult.Foreign(var begun) => throw new RefusedException(Refusals.IdInUse(create.Id, begun)),
                CreateResult.Kept => throw new RefusedException(Refusals.IdKept()),
                CreateResult.Truncated => throw new RefusedException(Refusals.IdTruncated(create.Id)),
                _ => throw new RefusedException(Refusals.Deleted()),
            };
        }
        catch (RefusedException e)
        {
            throw new ArgumentException(e.Message, nameof(stream), e);
        }
    }

    /// <summary>
    /// Creates a stream and drives it to its end, without a request: for jobs. With an id of the app's own it can be
    /// repeated, as after a crash: what is there is then run, or followed to its end.
    /// </summary>
    /// <inheritdoc cref="RunAsync(StreamId, CancellationToken)"/>
    /// <inheritdoc cref="CreateAsync"/>
    public virtual async Task<StreamEnd> RunAsync(NewTextStream stream, CancellationToken ct = default)
    {
        var id = await CreateAsync(stream, ct);
        return await new StreamRun(access, id).RunAsync(Named(stream.By), ct);
    }

    /// <summary>
    /// Drives a stream to its end, without a request: for jobs. One that is driven already, here or on another node, is
    /// followed to its end; one that has ended is answered with its ending.
    /// </summary>
    /// <param name="ct">Stops the waiting. The stream goes on, or with <see cref="OnDisconnect.Cancel"/> ends
    /// soon.</param>
    /// <returns>The ending, once it is durable. A failure of the source is an ending and does not throw.</returns>
    /// <exception cref="ArgumentException">There is no such stream, or its source is not here.</exception>
    public virtual Task<StreamEnd> RunAsync(StreamId id, CancellationToken ct = default) => new StreamRun(access, id).RunAsync(Known(null), ct);

    /// <summary>
    /// What becomes durable of a stream, live or ended: each batch of text once, in order, and its end last, with which
    /// this ends. While the event log is away it waits. A deletion ends it too, with the status deleted.
    /// </summary>
    /// <param name="after">The revision of the last update that the caller has; null: from the beginning.</param>
    /// <exception cref="ArgumentException">There is no such stream, or <paramref name="after"/> lies past its
    /// end.</exception>
    public virtual IAsyncEnumerable<StreamUpdate> FollowAsync(StreamId id, Revision? after = null, CancellationToken ct = default) =>
        new FollowedStream(access, id, after ?? Revision.None).UpdatesAsync(ct);

    /// <summary>The stream with its durable text, live or ended; null where there is none, or none any more.</summary>
    public virtual async Task<StreamBody?> FindAsync(StreamId id, CancellationToken ct = default)
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

    /// <summary>
    /// Streams without their texts, newest first. Eventually consistent: a stream is here normally within a second, and
    /// what is told of one that runs (its length, its revision) is as of its start.
    /// </summary>
    /// <param name="query">Null: all there are.</param>
    public virtual async IAsyncEnumerable<StreamSummary> ListAsync(
        StreamQuery? query = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        query ??= new StreamQuery();
        string? cursor = null;
        do
        {
            var page = await access.Current.ListAsync(query.Page(cursor, PageSize), ct);
            foreach (var stream in page.Items) yield return stream;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Ends a stream, on whichever node it is driven; one that has its ending keeps it. Returns when the
    /// ending is durable.</summary>
    /// <param name="by">The actor, for the record; null: not known.</param>
    /// <param name="reason">For display; at most 4 KiB of it are kept.</param>
    /// <returns>Whether there is such a stream.</returns>
    public virtual async Task<bool> CancelAsync(StreamId id, Caller? by = null, string? reason = null, CancellationToken ct = default) =>
        IsThere(await access.Current.Endings.CancelAsync(id, Cut(reason), Known(by), ct));

    /// <summary>Removes a stream and its text for ever; one that runs is cancelled first.</summary>
    /// <inheritdoc cref="CancelAsync"/>
    public virtual async Task<bool> DeleteAsync(StreamId id, Caller? by = null, string? reason = null, CancellationToken ct = default) =>
        IsThere(await access.Current.Endings.DeleteAsync(id, Cut(reason), Known(by), ct));

    IAsyncEnumerable<RecordedEvent> ITextStreams.EventsAsync(StreamId id, CancellationToken ct) =>
        new FollowedStream(access, id, Revision.None).EventsAsync(ct);

    private static bool IsThere(EndResult result) => result is not (EndResult.UnknownStream or EndResult.Deleted);

    private static string? Cut(string? reason) => TextCut.ToBytes(reason, TextLimits.MessageBytes);

    private static Caller Named(string? name) => Known(string.IsNullOrEmpty(name) ? null : new Caller(name));

    private static Caller Known(Caller? by)
    {
        by ??= Caller.Anonymous;
        return new(
            TextCut.ToBytes(by.Actor, TextLimits.ActorBytes),
            TextCut.ToBytes(by.CorrelationId, TextLimits.CodeBytes) ?? Activity.Current?.TraceId.ToString());
    }
}
