using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Client;

/// <summary>
/// Follows one stream to its end over as many connections as it takes, each behind what the one before has brought. It
/// asks for documents instead of events where those do not get through.
/// </summary>
internal sealed class StreamFollower(ApiSender api, string stream, TextStreamsClientOptions options, ILogger logger)
{
    private readonly ReconnectDelay delay = new(options);
    private readonly ShownText shown = new();
    private long? cursor;
    private StreamStatus status = StreamStatus.Unknown;
    private bool byPages;
    private bool hasReceived;
    private bool isEnded;
    private Exception? fault;

    /// <param name="after">The last event that the caller has; null: none.</param>
    public IAsyncEnumerable<StreamUpdate> FollowAsync(long? after, CancellationToken ct)
    {
        cursor = after;
        if (after is null) shown.Length = 0;
        return FollowAsync(ct);
    }

    /// <summary>Drives the stream; where another does, or the connection is lost, it is followed.</summary>
    public async IAsyncEnumerable<StreamUpdate> DriveAsync([EnumeratorCancellation] CancellationToken ct)
    {
        shown.Length = 0;
        var connection = new Connection(api, stream, options);
        await foreach (var update in ReceiveAsync(connection.EventsAsync(HttpMethod.Post, $"/{stream}/drive", ct), isDriving: true, ct).ConfigureAwait(false))
            yield return update;
        if (isEnded) yield break;

        // Where the request was not answered it may have been lost on its way: then there is nothing to follow.
        var isLost = fault is not (null or TextStreamsException { IsTransient: false }) && !connection.HasAnswered && !connection.WasSilent;
        if (isLost) throw fault!;
        byPages = connection.WasSilent;
        await foreach (var update in FollowAsync(ct).ConfigureAwait(false)) yield return update;
    }

    private async IAsyncEnumerable<StreamUpdate> FollowAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var connection = new Connection(api, stream, options);
            var received = byPages
                ? connection.PageAsync(cursor, ct)
                : connection.EventsAsync(HttpMethod.Get, $"/{stream}/events{(cursor is { } after ? $"?after={after}" : "")}", ct);
            await foreach (var update in ReceiveAsync(received, isDriving: false, ct).ConfigureAwait(false)) yield return update;
            if (isEnded || connection.IsOver) yield break;
            byPages |= connection.WasSilent;
            if (byPages && fault is null)
            {
                if (hasReceived) continue;                                       // a page is not the whole
                delay.Reset();                                                   // it was waited for, unless something in between answers
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
            try
            {
                if (!await events.MoveNextAsync()) break;
            }
            catch (Exception e) when (IsLost(e, isDriving) && !ct.IsCancellationRequested)
            {
                fault = e;
                break;
            }

            hasReceived = true;
            var next = events.Current;
            if (next.Id <= cursor && !isDriving) continue;                       // it came once more
            delay.Reset();
            cursor = next.Id ?? cursor;
            if (Update(next) is { } update) yield return update;
        }
    }

    /// <summary>Whether coming again may do, or where another drives, following.</summary>
    private static bool IsLost(Exception e, bool isDriving) => e switch
    {
        TextStreamsException { IsTransient: true } => true,
        TextStreamsException { Problem.Code: "already-driven" or "stream-ended" } => isDriving,
        TextStreamsException { Problem: { Status: 500, Code: not "log-damaged" } } => !isDriving,
        IOException or HttpRequestException => true,
        _ => false,
    };

    /// <summary>Null: nothing new.</summary>
    private StreamUpdate? Update(ReceivedEvent next)
    {
        if (next.Data is not { } data) return null;
        switch (next.Name)
        {
            case "status":
                status = data.Status ?? status;
                return new StreamUpdate { Cursor = next.Id, Status = status };
            case "text":
                status = StreamStatus.Streaming;
                var (text, offset) = shown.Rest(data.Text ?? "", data.Offset ?? shown.Length ?? 0);
                return text.Length == 0 ? null : new StreamUpdate { Cursor = next.Id, Status = status, Text = text, Offset = offset };
            case "saved":
                cursor = data.Revision ?? cursor;
                return new StreamUpdate { Cursor = cursor, Status = StreamStatus.Streaming, SavedLength = data.Length };
            case "end":
                isEnded = true;
                return Ended(data, next.Id ?? data.Revision);
            default:
                return null;
        }
    }

    private static StreamUpdate Ended(EventData data, long? at) => new()
    {
        Cursor = at,
        Status = data.Status ?? StreamStatus.Unknown,
        SavedLength = data.Length,
        End = new StreamEnd(data.Status ?? StreamStatus.Unknown)
        {
            Length = data.Length,
            FinishReason = data.FinishReason,
            Usage = data.Usage,
            Error = data.Error,
        },
    };
}

internal static partial class FollowerLog
{
    [LoggerMessage(1, LogLevel.Debug, "Following stream {Stream} was cut, and goes on: {Why}")]
    public static partial void Lost(this ILogger logger, string stream, string why);
}
