using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Every refusal there is, with its words.</summary>
internal static class Refusals
{
    private const int SoonSeconds = 2;

    public static Refusal Invalid(string? field, string detail) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is malformed.", detail) { Field = field };

    public static Refusal InvalidCursor() => Invalid("cursor", "cursor is the nextCursor of an earlier page, unchanged.");

    public static Refusal IdKept() => Invalid("id", $"{Domain.StreamIdGrammar.KeptWords}.");

    public static Refusal InvalidJson(string detail) =>
        new(StatusCodes.Status400BadRequest, "invalid-json", "The body is not JSON.", detail);

    public static Refusal UnknownSource(string name, IEnumerable<string> known) =>
        new(StatusCodes.Status400BadRequest, "unknown-source", "There is no such text source.",
            $"This server has no source '{name}'. It has: "
            + $"{string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none that a client may name"))}.")
        { Field = "source" };

    public static Refusal CursorPastEnd(string field, Revision cursor, Revision last) =>
        new(StatusCodes.Status400BadRequest, "cursor-past-end", "The cursor lies past the stream's end.",
            $"The stream has {last} as its last revision so far, and {cursor} was given: follow it from the start, without a cursor.")
        { Field = field };

    public static Refusal InvalidUtf8(string detail, string status) =>
        new(StatusCodes.Status400BadRequest, "invalid-utf8", "The upload is not UTF-8.", detail) { StreamStatus = status };

    /// <param name="code">As the stream's error has it.</param>
    public static Refusal InvalidUpload(string code, string detail, string status) =>
        new(StatusCodes.Status400BadRequest, code, "The upload is not what it says it is, or not whole.", detail) { StreamStatus = status };

    public static Refusal NoOwner() =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "The caller is not signed in.", "A stream has an owner here: sign in first.");

    public static Refusal NotSignedIn() =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "The request is not signed in.", "Sign in, or send an Authorization header.");

    public static Refusal TokenOver() =>
        new(StatusCodes.Status401Unauthorized, "unauthenticated", "What the stream was followed by is not good any more.",
            "The token has expired, or its key was revoked: ask again with a new one.");

    public static Refusal NotAllowed() =>
        new(StatusCodes.Status403Forbidden, "forbidden", "The request is not allowed.", "The caller may not do this.");

    public static Refusal ForeignOrigin() =>
        new(StatusCodes.Status403Forbidden, "foreign-origin", "A page of another origin may not change anything here.",
            "The browser says that the request comes from another site's page. Name its origin in Cors:Origins if it may; "
            + "in an app of your own that is TextStreams:Cors:Origins.")
        { Field = "Origin" };

    public static Refusal UnknownStream(StreamId id) =>
        new(StatusCodes.Status404NotFound, "unknown-stream", "There is no such stream.", $"No stream has the id '{id}'. Create it first.");

    public static Refusal UnknownPart(int part) =>
        new(StatusCodes.Status404NotFound, "unknown-part", "The stream has no such part.",
            $"The stream has no part {part} that can be shown. Its query with ?parts=true names those there are.")
        { Field = "part" };

    public static Refusal ExportChanged() =>
        new(StatusCodes.Status409Conflict, "export-changed", "The export is not what it was.",
            "What has come of it does not go on here: a stream of it was deleted meanwhile, or it is of another export. Begin a new one.");

    public static Refusal ExportShorter(long length) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", "The request is malformed.",
            $"The export has {length} bytes. Give the number of those that have come, or begin a new one.")
        { Field = "offset" };

    public static Refusal UnknownJob(string job) =>
        new(StatusCodes.Status404NotFound, "unknown-job", "There is no such job.",
            $"No job has the id '{job}', or it is over for so long that it is not known any more.");

    public static Refusal NoSuchVersion(string at) =>
        new(StatusCodes.Status404NotFound, "no-such-version", "The stream was not there at that point.",
            $"At '{at}' the stream had not begun, or has not come so far yet. Ask for a revision or time within its life.")
        { Field = "at" };

    public static Refusal NotServed() =>
        new(StatusCodes.Status404NotFound, "not-found", "There is nothing at this address.", "The API is described in /openapi/v1.json.");

    public static Refusal MethodNotAllowed(string method, string allow) =>
        new(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "The method is not served here.",
            $"{method} is not served at this address; these are: {allow}.")
        { Allow = allow };

    public static Refusal IdInUse(StreamId id) =>
        new(StatusCodes.Status409Conflict, "id-in-use", "The id is in use.",
            $"Another request has made the stream '{id}'. Choose another id, or leave it out.")
        { Field = "id" };

    public static Refusal IdInUse(StreamId id, ForeignEvent foreign) =>
        new(StatusCodes.Status409Conflict, "id-in-use", "The id is in use.",
            $"Another program has begun the stream of '{id}': {Named(foreign)}. Choose another id, or give this server a "
            + "prefix of its own (Streams:Prefix).")
        { Field = "id" };

    public static Refusal IdTruncated(StreamId id) =>
        new(StatusCodes.Status409Conflict, "id-in-use", "The id is in use.",
            $"The stream '{id}' was there, and was deleted in the event store without a tombstone, or cut there. Choose another id, or leave it out.")
        { Field = "id" };

    public static Refusal ForeignEvent(LogDamagedException e, ForeignEvent foreign) =>
        new(StatusCodes.Status409Conflict, StreamFailure.ForeignEvent, "Another program has written to the stream.",
            $"In {e.Stream} stands {Named(foreign)}, which this program did not write. What is before it can be queried; nothing is "
            + "written behind it. Go on in a stream with another id, or give this server a prefix of its own (Streams:Prefix).");

    public static Refusal AlreadyDriven(string follow) =>
        new(StatusCodes.Status409Conflict, "already-driven", "The stream is being driven already.",
            $"A stream is driven once. Follow it: GET {follow}.")
        { StreamStatus = StreamStatus.Streaming.Name(), Link = Follow(follow) };

    /// <summary>A node has a name and no address that others know: the link's <c>node</c> says where a request has to
    /// be sent.</summary>
    public static Refusal DrivenElsewhere(string node, string drive, string follow) =>
        new(StatusCodes.Status409Conflict, "already-driven", "The stream is being driven already.",
            $"The node '{node}' drives it, and no continued upload of it is here. Go on there, or follow it: GET {follow}.")
        { StreamStatus = StreamStatus.Streaming.Name(), Link = $"{Follow(follow)}, <{drive}>; rel=\"driver\"; node=\"{node}\"" };

    /// <param name="status">Pending, where the upload has not begun.</param>
    public static Refusal OffsetMismatch(long offset, StreamStatus status) =>
        new(StatusCodes.Status409Conflict, "upload-offset", "The upload does not go on at this byte.",
            $"The server has {offset} bytes of it that are durable: send the rest, from there, with 'Upload-Offset: {offset}'.")
        { StreamStatus = status.Name(), Field = UploadHeaderNames.Offset };

    public static Refusal UploadContinued() =>
        new(StatusCodes.Status409Conflict, "upload-continued", "Another connection goes on with the upload.",
            "A later request has taken the upload over. Nothing is lost; that one's answer says how it ends.")
        { StreamStatus = StreamStatus.Streaming.Name() };

    public static Refusal StreamEnded(StreamStatus status, string follow, string? why = null) =>
        new(StatusCodes.Status409Conflict, "stream-ended", "The stream has ended.",
            $"{AsSentence(why) ?? $"It ended as '{status.Name()}', and a stream is driven once."} Its text is kept: GET {follow}.")
        {
            StreamStatus = status.Name(),
            Link = Follow(follow),
        };

    public static Refusal Deleted() =>
        new(StatusCodes.Status410Gone, "deleted", "The stream was deleted.", "An id is never used again: create a stream with another one.");

    public static Refusal TooLarge(string? field, string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is too large.", detail) { Field = field };

    public static Refusal TooLong(string detail, string status) =>
        new(StatusCodes.Status413PayloadTooLarge, "too-long", "The text is too long.", detail) { StreamStatus = status };

    public static Refusal UnsupportedMediaType(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body's content type cannot be taken.", detail)
        {
            Field = "Content-Type",
        };

    public static Refusal UnsupportedEncoding(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body's compression cannot be taken.", detail)
        {
            Field = "Content-Encoding",
            AcceptEncoding = ContentCodings.Known,
        };

    public static Refusal PreconditionFailed() =>
        new(StatusCodes.Status412PreconditionFailed, "precondition-failed", "The stream is not as the request supposes.",
            "If-Match names another state of the stream than it has now: ask again without it.")
        { Field = "If-Match" };

    public static Refusal RangeNotSatisfiable(long length) =>
        new(StatusCodes.Status416RangeNotSatisfiable, "range-not-satisfiable", "The text is not that long.",
            $"The text has {length} bytes so far.")
        { Field = "Range" };

    public static Refusal LogUnavailable() =>
        Unavailable("The event log does not answer. Nothing is lost: try the same again in a moment.");

    /// <param name="known">What health says is the matter; null: nothing.</param>
    public static Refusal LogUnavailable(LogUnavailableException e, string? known) =>
        (e.Advice ?? known) is { } words ? Unavailable(words) : LogUnavailable();

    public static Refusal Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "log-unavailable", "The server cannot do this now.", detail)
        {
            RetryAfterSeconds = SoonSeconds,
        };

    public static Refusal Busy(string detail = "The memory for texts is used up by what runs and is read now. Try the same again in a moment.") =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", "The server has as much to do as it can take.", detail)
        {
            RetryAfterSeconds = SoonSeconds,
        };

    public static Refusal LogTruncated(LogDamagedException e) =>
        new(StatusCodes.Status500InternalServerError, "log-damaged", "The stream is truncated.",
            $"Events of stream {e.Stream} are hidden or gone in the event store: it was deleted there without a tombstone, or cut ($tb, $maxCount, $maxAge).");

    public static Refusal LogDamaged(LogDamagedException e) =>
        new(StatusCodes.Status500InternalServerError, "log-damaged", "What is stored of the stream is damaged.",
            $"Stream {e.Stream}{(e.Revision is { } r ? $", revision {r}" : "")} cannot be what was written. Keep a copy of the log as it is, and restore a backup.");

    public static Refusal Internal() =>
        new(StatusCodes.Status500InternalServerError, "internal-error", "The server failed.", "This is a fault of the server; its log says more.");

    private static string Named(ForeignEvent foreign) => $"an event of type '{ForeignEvents.Shown(foreign.Type)}', revision {foreign.Revision}";

    private static string Follow(string address) => $"<{address}>; rel=\"follow\"";

    /// <summary>A reason is a person's, and need not end as a sentence does.</summary>
    private static string? AsSentence(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || char.IsPunctuation(reason.TrimEnd()[^1]) ? reason : reason.TrimEnd() + ".";
}
