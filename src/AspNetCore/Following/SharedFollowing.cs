using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Several streams in one answer, which ends when nothing more comes of any. Each counts as a request under
/// way and as a follower of its own.</summary>
internal sealed class SharedFollowing(
    HttpContext http, EngineAccess access, IReadOnlyList<FollowRequest> streams, bool isUtf16, bool withParts, TextStreamsHttpOptions options, ILogger logger)
{
    private readonly IFollowAdmission? admission = http.RequestServices.GetService<IFollowAdmission>();

    /// <param name="ct">The client is gone, or the server stops.</param>
    public async Task RunAsync(CancellationToken ct)
    {
        using var answer = new SharedAnswer(http, options.TakeLimit, access.Time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, answer.Left);
        try
        {
            await answer.BeginAsync(over.Token);
        }
        catch (OperationCanceledException) when (answer.Left.IsCancellationRequested)
        {
            return;
        }

        var alive = answer.KeepAliveAsync(access.Time, over.Token);
        try
        {
            await Task.WhenAll(streams.Select((stream, i) => FollowAsync(stream, answer, isFirst: i == 0, over.Token)));
        }
        finally
        {
            await over.CancelAsync();
            await alive;
        }
    }

    private async Task FollowAsync(FollowRequest wanted, SharedAnswer answer, bool isFirst, CancellationToken ct)
    {
        var form = new SharedEvents(wanted.Stream)
        {
            Chars = isUtf16 && wanted.Cursor.After == Revision.None ? 0 : null,
            Parts = withParts ? AskedParts.Of(http) : null,
        };
        var isCounted = isFirst;                                                 // as the request itself
        try
        {
            isCounted = isCounted || access.UnderWay.TryEnter(options.MaxRequests);
            if (!isCounted) throw new RefusedException(Refusals.Busy("As many streams are followed as the server takes at one time. Try the same again in a moment."));
            await AdmittedAsync(wanted, caller => FollowAsync(caller, wanted, answer, form, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // There is no client to be told, or it comes again.
        }
        catch (Exception e)
        {
            await TellAsync(e, answer, form, ct);
        }
        finally
        {
            if (isCounted && !isFirst) access.UnderWay.Leave();
        }
    }

    private Task AdmittedAsync(FollowRequest wanted, Func<HttpContext, Task> follow) => admission is null
        ? FollowAdmission.FollowAsync(http, wanted.Token, follow)
        : admission.FollowAsync(http, wanted.Stream, wanted.Token, follow);

    private async Task FollowAsync(HttpContext caller, FollowRequest wanted, SharedAnswer answer, SharedEvents form, CancellationToken ct)
    {
        using var followed = access.Followed(wanted.Stream);
        using var span = StreamTracing.StartFollow(wanted.Stream);
        using var linked = access.Linked(wanted.Stream, span);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, caller.RequestAborted);
        try
        {
            await new SharedStream(caller, access, wanted, answer, form, isUtf16, options).RunAsync(over.Token);
        }
        catch (OperationCanceledException) when (caller.RequestAborted.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RefusedException(Refusals.TokenOver());
        }
    }

    private async Task TellAsync(Exception why, SharedAnswer answer, SharedEvents form, CancellationToken ct)
    {
        var refusal = ThrownProblems.RefusalFor(why, access.Problem);
        if (refusal.StatusCode == StatusCodes.Status500InternalServerError)
            logger.RequestFailed(http.Request.Method, http.Request.Path, FaultTrace.WhyOf(why), FaultTrace.StackOf(why));
        try
        {
            await answer.RefuseAsync(form, refusal, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // There is no client to be told.
        }
    }
}
