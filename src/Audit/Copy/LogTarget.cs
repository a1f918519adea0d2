using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Copy;

/// <summary>Any log. What is not known to have been written is written again: the same events at the same revision,
/// which the log knows by their ids.</summary>
internal sealed class LogTarget(IEventStore log, TimeProvider time) : ICopyTarget
{
    private const int Attempts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    public IEventStoreReader Present => log;

    public async Task<AppendOutcome> AppendAsync(string stream, long first, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        AppendOutcome? result = null;
        await UntilKnownAsync(stream, async limited =>
        {
            result = await log.AppendAsync(stream, ExpectedRevision.Exactly(Revision.From(first - 1)), events, limited);
            return (result as AppendOutcome.Unknown)?.Why;
        }, ct);
        return result!;
    }

    public Task TombstoneAsync(string stream, EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        UntilKnownAsync(stream, async limited =>
        {
            await log.TombstoneAsync(stream, ExpectedRevision.Any, id, metadata, limited);
            return null;
        }, ct);

    public async Task<bool> EndsWithAsync(StoredEvent last, CancellationToken ct) =>
        await log.ReadAsync(last.Stream, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct)
            is StoreRead.Page { Events: [var there] } && there.Revision == last.Revision && last.HasSameBytes(there);

    /// <param name="attempt">Null: it is known.</param>
    private async Task UntilKnownAsync(string stream, Func<CancellationToken, Task<string?>> attempt, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var made = 1; ; made++, pause *= 2)
        {
            if (await AttemptAsync(attempt, ct) is not { } why) return;
            if (made == Attempts)
            {
                throw new AuditException(
                    $"Stream {stream} could not be written ({why.TrimEnd('.')}). What was written so far stays; the same command again goes on from there.");
            }

            await Task.Delay(pause, time, ct);
        }
    }

    private async Task<string?> AttemptAsync(Func<CancellationToken, Task<string?>> attempt, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await attempt(limited.Token);
        }
        catch (LogUnavailableException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
