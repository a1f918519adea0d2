using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Client;

/// <summary>
/// Follows one stream to its end over as many connections as it takes, each behind what the one before has brought. It
/// asks for documents instead of events where those do not get through.
/// </summary>
/// <param name="after">The last event that the caller has; null: none.</param>
internal sealed class StreamFollower(ApiSender api, string stream, TextStreamsClientOptions options, ILogger logger, bool withParts, long? after = null)
{
    private readonly ReconnectDelay delay = new(options);
    private readonly HandedOn handedOn = new(after);
    private readonly long? first = after;
    private long? cursor = after;
    private bool byPages;
    private bool hasReceived;
    private bool isProven;
    private bool isEnded;
    private Exception? fault;

    /// <summary>Drives the stream; where another does, or the connection is lost, it is followed.</summary>
    public async IAsyncEnumerable<StreamUpdate> DriveAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var connection = new Connection(api, stream, options, withParts);
        await foreach (var update in ReceiveAsync(connection.DriveAsync(ct), isDriving: true, ct).ConfigureAwait(false)) yield return update;
        if (isEnded) yield break;

        // Where the request was not answered it may have been lost on its way: then there is nothing to follow.
        var isLost = fault is not (null or TextStreamsException { IsTransient: false }) && !connection.HasAnswered && !connection.WasSilent;
        if (isLost) throw fault!;
        byPages = connection.WasSilent;
        await foreach (var update in FollowAsync(ct).ConfigureAwait(false)) yield return update;
    }

    public async IAsyncEnumerable<StreamUpdate> FollowAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var connection = new Connection(api, stream, options, withParts);
            var received = byPages ? connection.PageAsync(cursor, ct) : connection.FollowAsync(cursor, ct);
            await foreach (var update in ReceiveAsync(received, isDriving: false, ct).ConfigureAwait(false)) yield return update;
            if (isEnded || connection.IsOver) yield break;
            byPages |= connection.WasSilent;
            if (byPages && fault is null)
            {
                if (hasReceived) continue;                                       // a page is not the whole
                delay.Reset(); // it was waited for, unless something in between answers
            }

            if (fault is not null) logger.Lost(stream, fault.Message);
            if (await delay.PassAsync((fault as TextStreamsException)?.RetryAfter, ct).ConfigureAwait(false)) continue;
            throw fault ?? new IOException($"Stream '{stream}' is not answered to its end.");
        }
    }

    /// <summary>What one connection brings; how it was lost stands in <see cref="fault"/>.</summary>
    private async IAsyncEnumerable<StreamUpdate> ReceiveAsync(
        IAsyncEnumerable<ReceivedEvent> received, bool isDriving, [EnumeratorCancellation] CancellationToken ct)
    {
        (fault, hasReceived) = (null, false);
        await using var events = received.ConfigureAwait(false).WithCancellation(ct).GetAsyncEnumerator();
        while (!isEnded)
        {
            StreamUpdate? update;
            try
            {
                if (!await events.MoveNextAsync()) break;
                update = Taken(events.Current, isDriving);
            }
            catch (Exception e) when (IsLost(e, isDriving) && !ct.IsCancellationRequested)
            {
                fault = e;
                if (IsBeyond(e)) cursor = null;
                break;
            }

            if (update is not null) yield return update;
        }
    }

    /// <summary>Null: it says nothing new.</summary>
    /// <exception cref="IOException">It cannot be gone on with.</exception>
    private StreamUpdate? Taken(ReceivedEvent next, bool isDriving)
    {
        (hasReceived, isProven) = (true, isProven || next is not { Data: null, Part: null });
        if (isDriving && next is { Name: "end", Data.Status: null or StreamStatus.Unknown })
            throw new IOException("Its driver's server could not tell how the stream ended.");
        try
        {
            var update = handedOn.Next(next);
            if ((update?.Cursor ?? next.Id) is { } reached && !(reached <= cursor)) cursor = reached;
            if (update is not null) delay.Reset();
            isEnded = update?.End is not null;
            return update;
        }
        catch (IOException)
        {
            cursor = null;
            throw;
        }
    }

    /// <summary>Whether coming again may do, or where another drives, following.</summary>
    private bool IsLost(Exception e, bool isDriving) => e switch
    {
        TextStreamsException { IsTransient: true } => true,
        TextStreamsException { Problem.Code: "already-driven" or "stream-ended" } => isDriving,
        // What is in between says something of its own.
        TextStreamsException { Problem.Code: ApiSender.NotThisApi } => isProven,
        TextStreamsException { Problem: { Status: >= 500 and not 501, Code: not "log-damaged" } } => !isDriving,
        IOException or HttpRequestException => true,
        _ => IsBeyond(e),
    };

    /// <summary>The server knows less than it has told: it is read from the beginning.</summary>
    private bool IsBeyond(Exception e) => cursor != first && e is TextStreamsException { Problem.Code: "cursor-past-end" };
}

internal static partial class FollowerLog
{
    [LoggerMessage(500, LogLevel.Debug, "Following stream {Stream} was cut, and goes on: {Why}")]
    public static partial void Lost(this ILogger logger, string stream, string why);
}
