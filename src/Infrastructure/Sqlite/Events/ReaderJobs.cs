namespace EventSourcedStreams.Sqlite;

/// <summary>
/// Jobs for a few threads. A job goes straight to the thread that became idle last, so that one read after another has
/// one warm thread and its connection's cache, and no thread spins for the next.
/// </summary>
internal sealed class ReaderJobs<TReader>
{
    private readonly Lock gate = new();
    private readonly Queue<Action<TReader>> waiting = [];
    private readonly Stack<Idle> idle = [];
    private bool isComplete;

    /// <returns>False: no more are taken.</returns>
    public bool TryAdd(Action<TReader> job)
    {
        Idle? thread;
        lock (gate)
        {
            if (isComplete) return false;
            if (!idle.TryPop(out thread)) waiting.Enqueue(job);
        }

        thread?.Wake(job);
        return true;
    }

    /// <summary>Waits for a job; null: all are done, and no more will come.</summary>
    public Action<TReader>? Take()
    {
        Idle thread;
        lock (gate)
        {
            if (waiting.TryDequeue(out var job)) return job;
            if (isComplete) return null;
            idle.Push(thread = Idle.Current);
        }

        return thread.Wait();
    }

    /// <summary>Those that wait are still done.</summary>
    public void Complete()
    {
        Idle[] all;
        lock (gate)
        {
            isComplete = true;
            all = [.. idle];
            idle.Clear();
        }

        foreach (var thread in all) thread.Wake(null);
    }

    /// <summary>One thread that waits, woken once.</summary>
    private sealed class Idle
    {
        [ThreadStatic]
        private static Idle? current;

        private readonly object changed = new();
        private Action<TReader>? job;
        private bool isWoken;

        public static Idle Current => current ??= new Idle();

        public void Wake(Action<TReader>? next)
        {
            lock (changed)
            {
                (job, isWoken) = (next, true);
                Monitor.Pulse(changed);
            }
        }

        public Action<TReader>? Wait()
        {
            lock (changed)
            {
                while (!isWoken) Monitor.Wait(changed);
                var next = job;
                (job, isWoken) = (null, false);
                return next;
            }
        }
    }
}
