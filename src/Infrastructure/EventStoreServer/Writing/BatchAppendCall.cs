using System.Threading.Channels;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using Grpc.Core;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>
/// Many appends on one call, each answered when it is done. They go to the log in the order in which they became whole.
/// The call does not end when the client has sent its last one: the client ends it.
/// </summary>
internal sealed class BatchAppendCall(
    SqliteEventStore log,
    TextWrites texts,
    TimeProvider time,
    IAsyncStreamReader<BatchAppendReq> requests,
    ResponseBuffer<BatchAppendResp> responses) : IDisposable
{
    /// <summary>Appends on their way, a larger one counting for as many as it has of <see cref="PlaceBytes"/>: 32 MiB.
    /// Past it no more requests are read until answers have gone out.</summary>
    private const int MaxInFlight = 512;

    private const int PlaceBytes = 64 * 1024;

    /// <summary>Appends that have begun, are not whole, and whose deadline has not passed. A client sends one after the
    /// other; past it the call ends.</summary>
    private const int MaxOpen = 64;

    private readonly Dictionary<Guid, BatchedAppend> open = [];
    private readonly SemaphoreSlim room = new(MaxInFlight);

    private readonly Channel<(BatchAppendResp Answer, int Places)> answers = Channel.CreateBounded<(BatchAppendResp, int)>(
        new BoundedChannelOptions(MaxInFlight) { SingleReader = true });

    public async Task RunAsync(CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(ended.Token);
        var answering = SendAsync(ended.Token);
        var first = await Task.WhenAny(reading, answering);
        await ended.CancelAsync();
        await Task.WhenAll(reading, answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public void Dispose() => room.Dispose();

    private async Task ReadAsync(CancellationToken ct)
    {
        await foreach (var request in requests.ReadAllAsync(ct))
        {
            if (Uuids.Read(request.CorrelationId) is not { } correlation) throw Refused.Unusable();
            if (!open.TryGetValue(correlation, out var append))
            {
                // The rest of one that was refused, or of none: EventStoreDB is silent about it too.
                if (request.Options is null) continue;
                await DropExpiredAsync(ct);
                if (open.Count >= MaxOpen) throw Refused.TooManyOpen(MaxOpen);
                open.Add(correlation, append = new BatchedAppend(request, texts, time));
            }

            append.Add(request.ProposedMessages);
            if (append.Refusal is null && !request.IsFinal) continue;
            open.Remove(correlation);
            await EnterAsync(append, ct);
            if (append.Refusal is { } refusal)
            {
                Send(append, refusal);
                continue;
            }

            var answer = await log.EnqueueAppendAsync(append.Stream, append.Expected, append.Events, append.Bytes, ct);
            _ = AnswerAsync(append, answer, ct);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
    }

    /// <summary>A client that gives up between two parts of an append sends no last one: what has come of it is
    /// answered as late and held no longer.</summary>
    private async Task DropExpiredAsync(CancellationToken ct)
    {
        foreach (var (correlation, append) in open)
        {
            if (append.Refusal is not { } late) continue;
            open.Remove(correlation);
            await EnterAsync(append, ct);
            Send(append, late);
        }
    }

    /// <summary>Waits for its place among those on their way.</summary>
    private async Task EnterAsync(BatchedAppend append, CancellationToken ct)
    {
        for (var place = 0; place < Places(append); place++) await room.WaitAsync(ct);
    }

    /// <summary>Never fails, and finds place for its answer: there are as many places for answers as appends are on
    /// their way.</summary>
    private async Task AnswerAsync(BatchedAppend append, Task<AppendOutcome> answer, CancellationToken ct)
    {
        BatchAppendResp response;
        try
        {
            var result = await (append.Remaining is { } limit ? answer.WaitAsync(limit, time, ct) : answer.WaitAsync(ct));
            response = append.Answers.Of(result, append.Stream, append.Expected);
        }
        catch (TimeoutException)
        {
            response = append.Answers.TimedOut();
        }
        catch (LogDamagedException)
        {
            response = append.Answers.Damaged();
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Send(append, response);
    }

    private void Send(BatchedAppend append, BatchAppendResp answer) => answers.Writer.TryWrite((answer, Places(append)));

    private static int Places(BatchedAppend append) => 1 + (append.Bytes / PlaceBytes);

    private async Task SendAsync(CancellationToken ct)
    {
        while (await answers.Reader.WaitToReadAsync(ct))
        {
            while (answers.Reader.TryRead(out var next))
            {
                await responses.WriteAsync(next.Answer, ct);
                room.Release(next.Places);
            }

            await responses.FlushAsync(ct);
        }
    }
}
