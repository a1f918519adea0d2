using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Turns what an endpoint throws into a problem. Nothing of an unexpected exception leaves the process. Once an answer
/// has begun, nothing can be said any more: the connection is cut, so that no client takes it for whole.
/// </summary>
internal sealed class ThrownProblems(EngineAccess access, ILogger<ThrownProblems> logger)
{
    /// <summary>Answers with what an endpoint threw, as far as there is still a client to be answered.</summary>
    public async Task TellAsync(HttpContext http, Exception thrown)
    {
        if (http.RequestAborted.IsCancellationRequested) return;                 // leaving is no error
        if (thrown is ConnectionResetException or ConnectionAbortedException)
        {
            logger.RequestBroken(http.Request.Method, http.Request.Path, thrown.Message);
            return;
        }

        var refusal = RefusalFor(thrown, access.Problem);
        if (refusal.StatusCode == StatusCodes.Status500InternalServerError)
            logger.RequestFailed(http.Request.Method, http.Request.Path, FaultTrace.WhyOf(thrown), FaultTrace.StackOf(thrown));
        else if (thrown is BadHttpRequestException)
            logger.RequestBroken(http.Request.Method, http.Request.Path, thrown.Message);
        if (http.Response.HasStarted || http.Response.BodyWriter.UnflushedBytes > 0) await http.CutAsync();
        else await refusal.ExecuteAsync(http);
    }

    /// <param name="problem">What keeps the log from taking writes, where that is known.</param>
    public static Refusal RefusalFor(Exception exception, string? problem) => exception switch
    {
        RefusedException e => e.Refusal,
        InvalidInputException { Field: "Content-Type" } e => Refusals.UnsupportedMediaType(e.Message),
        InvalidInputException { Field: "Content-Encoding" } e => Refusals.UnsupportedEncoding(e.Message),
        InvalidInputException e => Refusals.Invalid(e.Field, e.Message),
        StreamGoneException => Refusals.Deleted(),
        LogUnavailableException e => Refusals.LogUnavailable(e, problem),
        LogDamagedException e when ForeignEvent.Of(e) is { } foreign => Refusals.ForeignEvent(e, foreign),
        LogDamagedException { IsTruncation: true } e => Refusals.LogTruncated(e),
        LogDamagedException e => Refusals.LogDamaged(e),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refusals.TooLarge(null, "The body is too large."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new(StatusCodes.Status408RequestTimeout, "request-timeout", "The request took too long.", "Send its body faster."),
        BadHttpRequestException => Refusals.Invalid(null, "The request broke off, or is not HTTP."),
        _ => Refusals.Internal(),
    };
}
