using System.Runtime.CompilerServices;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// The texts of streams in pieces, which all answers are made of: each is read and encoded once for all that ask for it
/// at the same time, and kept within the node's budget. A piece is found by the hash of the event before it, so it is
/// never taken for another text's; and before kept ones are given, the log is asked whether it still has them.
/// </summary>
internal sealed class StreamPieces(StreamLog log, TextMemory memory) : IAsyncDisposable
{
    /// <summary>Pieces that are read at one time; more requests wait for their turn.</summary>
    private const int MaxReadings = 8;

    /// <summary>What a kept piece costs beside its bytes.</summary>
    private const int Overhead = 512;

    private readonly Lock gate = new();
    private readonly PieceReader reader = new(log);
    private readonly TextCache<PieceKey, TextPiece> kept = new(memory, log.Time);
    private readonly Dictionary<(PieceKey, bool), PieceReading> readings = [];
    private readonly HashSet<PieceReading> running = [];
    private readonly SemaphoreSlim turns = new(MaxReadings);
    private bool isClosed;

    /// <summary>Readings that run, or wait for their turn.</summary>
    public int Readings
    {
        get { lock (gate) return running.Count; }
    }

    /// <summary>The pieces after an event, in order, each read when it is asked for.</summary>
    /// <param name="upTo">The event to which they go, exactly or beyond; null: as far as what is near has them.</param>
    /// <param name="bytesAnEvent">What an event has of text, as a rule.</param>
    /// <exception cref="LogUnavailableException">What can be read does not reach that event yet, or is another
    /// text.</exception>
    public async IAsyncEnumerable<TextPiece> ReadAsync(
        PieceKey first, StreamHead? upTo, int bytesAnEvent, [EnumeratorCancellation] CancellationToken ct)
    {
        var (key, proved, fromLeader) = (first, first.After.Revision, false);
        while (upTo is not { } end || key.After.Revision < end.Revision)
        {
            var piece = kept.TryGet(key, out var there) ? there : null;
            if (piece is not null && piece.To.Revision > proved) piece = await ProveAsync(piece, upTo, ct) is { } to ? Proved(piece, to, out proved) : null;
            piece ??= await FindAsync(key, bytesAnEvent, fromLeader, ct);
            if (piece.To.Revision > proved) proved = piece.To.Revision;
            if (!piece.IsEmpty) yield return piece;
            key = key with { After = piece.To };
            // A fault behind it is another answer's.
            if (upTo is { } asked && key.After.Revision >= asked.Revision) break;
            piece.Fault?.Throw();
            if (piece.IsOver || (upTo is null && !piece.IsFull)) break;
            if (piece.IsFull) continue;
            if (fromLeader && key.After.Revision < upTo!.Value.Revision) throw NotThere(first.Stream);
            fromLeader = true;
        }

        if (upTo is { } wanted && (key.After.Revision < wanted.Revision || (key.After.Revision == wanted.Revision && key.After != wanted)))
            throw NotThere(first.Stream);
    }

    /// <summary>All pieces from a text's beginning to its end, where all are kept; null: they are not. What is let go
    /// of meanwhile is read again, and is the same.</summary>
    /// <param name="end">As the log has just told it: its hash stands for all before it.</param>
    public KeptPieces? Kept(PieceKey first, StreamHead end)
    {
        var pieces = ChainFrom(first, end);
        return pieces is [.., var last] && last.To == end ? new KeptPieces(pieces) : null;
    }

    /// <summary>The kept pieces of a text that come one after the other from its beginning: where the one begins that
    /// holds a byte; null: they do not reach so far.</summary>
    public StreamHead? Before(StreamId stream, long offset)
    {
        var key = new PieceKey(stream, PieceKind.Text, StreamHead.None);
        while (kept.TryGet(key, out var piece))
        {
            if (offset < piece.Start + piece.Length) return piece.From;
            key = key with { After = piece.To };
        }

        return null;
    }

    /// <summary>One piece, from what is kept or read now.</summary>
    /// <exception cref="LogUnavailableException">The server stops.</exception>
    public async ValueTask<TextPiece> FindAsync(PieceKey key, int bytesAnEvent, bool fromLeader, CancellationToken ct)
    {
        PieceReading reading;
        lock (gate)
        {
            if (isClosed) throw new LogUnavailableException("The server is stopping.");
            if (kept.TryGet(key, out var there)) return there;
            reading = JoinLocked((key, fromLeader), bytesAnEvent);
        }

        try
        {
            return await reading.Piece.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LogUnavailableException("The server is stopping.");
        }
        finally
        {
            Leave(reading);
        }
    }

    /// <summary>Returns when nothing of ours reads the log any more.</summary>
    public async ValueTask DisposeAsync()
    {
        PieceReading[] all;
        lock (gate)
        {
            isClosed = true;
            all = [.. running];
        }

        foreach (var reading in all) reading.Stop();
        foreach (var reading in all) await ((Task)reading.Piece).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        kept.Close();
        turns.Dispose();
    }

    private static LogUnavailableException NotThere(StreamId stream) => new($"Stream {stream} cannot be read to its end yet.");

    private static TextPiece Proved(TextPiece piece, Revision to, out Revision proved)
    {
        proved = to;
        return piece;
    }

    /// <summary>Asks the log for the last of the kept pieces that follow one another: its hash stands for all of them.
    /// None of them stays where another history has taken their place.</summary>
    /// <returns>The revision up to which they are there; null: they are not.</returns>
    private async Task<Revision?> ProveAsync(TextPiece piece, StreamHead? upTo, CancellationToken ct)
    {
        var chain = ChainFrom(piece.Key, upTo);
        var to = chain is [.., var last] ? last.To : piece.To;
        if (to == upTo) return to.Revision;
        if (await log.ReadBackAsync(piece.Key.Stream, to.Revision, 1, ct) is [var there] && there.Hash == to.Hash) return to.Revision;
        foreach (var one in chain) kept.Remove(one.Key);
        return null;
    }

    /// <param name="end">No more are asked for behind it; null: as many as there are.</param>
    private List<TextPiece> ChainFrom(PieceKey first, StreamHead? end) =>
        kept.Chain(first, piece => first with { After = piece.To }, piece => end is { } at && piece.To.Revision >= at.Revision);

    /// <summary>Many that ask at once wait for one reading.</summary>
    private PieceReading JoinLocked((PieceKey Key, bool FromLeader) wanted, int bytesAnEvent)
    {
        if (!readings.TryGetValue(wanted, out var reading))
        {
            readings.Add(wanted, reading = new PieceReading(wanted));
            running.Add(reading);
            reading.Piece = ReadAsync(reading, bytesAnEvent);
        }

        reading.Waiting++;
        return reading;
    }

    /// <summary>A reading that no request waits for any more is stopped; the next request begins another.</summary>
    private void Leave(PieceReading reading)
    {
        lock (gate)
        {
            if (--reading.Waiting > 0) return;
            ForgetLocked(reading);
        }

        reading.Stop();
    }

    private async Task<TextPiece> ReadAsync(PieceReading reading, int bytesAnEvent)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await turns.WaitAsync(reading.Stopped);
            try
            {
                var (key, fromLeader) = reading.Wanted;
                var piece = await ReadPieceAsync(key, bytesAnEvent, fromLeader, reading.Stopped);
                if (piece.IsLasting) kept.Set(key, piece, piece.HeldBytes + Overhead);
                return piece;
            }
            finally
            {
                turns.Release();
            }
        }
        finally
        {
            lock (gate)
            {
                ForgetLocked(reading);
                running.Remove(reading);
            }
        }
    }

    /// <summary>What is near may lag behind, and not have the event yet that the piece begins after.</summary>
    private async Task<TextPiece> ReadPieceAsync(PieceKey key, int bytesAnEvent, bool fromLeader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(key, bytesAnEvent, fromLeader ? ReadFrom.Leader : ReadFrom.Anywhere, ct);
        }
        catch (HeadNotFoundException) when (!fromLeader)
        {
            return await ReadPieceAsync(key, bytesAnEvent, fromLeader: true, ct);
        }
        catch (HeadNotFoundException e)
        {
            throw new LogUnavailableException(e.Message, e);
        }
    }

    private void ForgetLocked(PieceReading reading)
    {
        if (readings.TryGetValue(reading.Wanted, out var there) && there == reading) readings.Remove(reading.Wanted);
    }
}
