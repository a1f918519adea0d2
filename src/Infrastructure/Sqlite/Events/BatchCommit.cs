using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Commits requests, many streams in one sync, and answers them. After a failed commit the database is opened anew and
/// the same requests are done again in another transaction: what is there already is known by its ids. If that fails
/// too, every request in it is answered as unknown, and the next batch tries anew.
/// </summary>
internal sealed class BatchCommit(
    WriterConnection connection,
    CommitGate gate,
    LogFiles files,
    Checkpointer checkpointer,
    WriterUpkeep upkeep,
    CommitPace pace,
    Followers followers,
    ILogger logger)
{
    private volatile bool isFailing;

    /// <summary>The last commit, if any, succeeded.</summary>
    public bool CanWrite => !isFailing;

    /// <param name="batch">What joins the transaction meanwhile is added to it.</param>
    /// <param name="isLent">On a caller's thread, which waits for nothing: neither for another connection, nor for a
    /// database to be opened anew.</param>
    /// <param name="returning">Writers that are on their way back with their next requests: as they come they join the
    /// transaction, which meanwhile does what is there.</param>
    /// <returns>False: it is to be done by the writer's thread, or done again, since that may be to wait.</returns>
    public bool TryWrite(List<WriteRequest> batch, bool isLent = false, int returning = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var toldOfDamage = new List<(WriteRequest, LogDamagedException)>();
            try
            {
                Commit(batch, toldOfDamage, mayWait: !isLent, attempt > 1 ? 0 : returning);
                Answer(batch, toldOfDamage, isLent);
                return true;
            }
#pragma warning disable CA1031 // Top of the loop: whatever a commit died of, its callers are answered and the writer lives on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (isLent && e is DatabaseException { IsBusy: true }) return false;
                if (e is not LogDamagedException) Note(batch.Count, e);
                if (isLent && e is not LogDamagedException) return false;
                if (e is DatabaseException { IsDamage: true } or LogDamagedException && batch.Count > 1)
                {
                    // Trying each alone tells which stream is damaged; the others must not suffer for it.
                    foreach (var request in batch) TryWrite([request]);
                    return true;
                }

                if (attempt == 2 || e is DatabaseException { IsBusy: true } or LogDamagedException)
                {
                    foreach (var request in batch) Answers.Later(() => Fail(request, e));
                    return true;
                }
            }
        }
    }

    private void Commit(List<WriteRequest> batch, List<(WriteRequest, LogDamagedException)> toldOfDamage, bool mayWait, int returning)
    {
        gate.EnterCommit();
        var hasBegun = false;
        try
        {
            connection.RequireFiles();
            var open = connection.Connected();
            open.Begin(mayWait);
            hasBegun = true;
            foreach (var request in batch) Apply(request, open, toldOfDamage);
            while (pace.TakeReturning(batch, returning) is { Count: > 0 } more)
            {
                batch.AddRange(more);
                foreach (var request in more) Apply(request, open, toldOfDamage);
            }

            var pages = open.Commit();
            files.RequireNames();
            if (isFailing)
            {
                isFailing = false;
                SqliteEventStoreMessages.WritesAgain(logger);
            }

            if (open.Written.Count > 0)
            {
                checkpointer.AddPages(pages);
                upkeep.Committed(open);
                followers.Publish(open.Written);
            }
        }
        catch (Exception e) when (hasBegun || e is not DatabaseException { IsBusy: true })
        {
            connection.Discard();                                                // whatever it was
            throw;
        }
        finally
        {
            gate.LeaveCommit();
        }
    }

    private static void Apply(WriteRequest request, WriteConnection open, List<(WriteRequest, LogDamagedException)> toldOfDamage)
    {
        var before = open.Written.Count;
        try
        {
            request.Apply(open);
        }
        catch (LogDamagedException e) when (open.Written.Count == before)
        {
            // Where something was written before, all is taken back: what is refused must not be committed.
            toldOfDamage.Add((request, e));
        }
    }

    private static void Answer(
        List<WriteRequest> batch, List<(WriteRequest Request, LogDamagedException Damage)> toldOfDamage, bool isLent)
    {
        foreach (var (request, damage) in toldOfDamage)
        {
            batch.Remove(request);
            Answers.Later(() => request.Refuse(damage));
        }

        if (!isLent) Answers.Give(batch);
        else foreach (var request in batch) request.Complete();                  // its caller has not begun to wait
    }

    private static void Fail(WriteRequest request, Exception e)
    {
        if (e is LogDamagedException damage)
            request.Refuse(damage);
        else if (e is DatabaseException { IsDamage: true })
            request.Refuse(new LogDamagedException(request.Stream, null, $"the database is damaged where this is written ({e.Message}).", e));
        else
            request.Fail($"The commit failed: {e.Message}", e);
    }

    private void Note(int requests, Exception e)
    {
        isFailing = true;
        SqliteEventStoreMessages.CommitFailed(logger, requests, e.Message);
    }
}
