namespace EventSourcedStreams.Domain;

/// <summary>
/// Lets the token that makes a batch due reach its driver before the append begins: encoding, hashing and the commit
/// would take the core that the driver's client wakes on.
/// </summary>
/// <remarks>A thread of its own, because timers come too late: on Linux they go by a clock that moves every 4 ms, so
/// that the append would begin just when the next token comes.</remarks>
internal sealed class AppendPacer : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    // Not System.Threading.Lock: the thread waits on it.
    private readonly object gate = new();
    private readonly Action<TimeSpan>? hold;
    private readonly Thread? thread;
    private List<AppendWake> due = [], woken = [];
    private bool isClosed;

    /// <param name="hold">Holds a thread for so long; null: no such moment.</param>
    public AppendPacer(Action<TimeSpan>? hold)
    {
        if ((this.hold = hold) is null) return;
        thread = new Thread(Run) { IsBackground = true, Name = "append pacer" };
        thread.Start();
    }

    /// <summary>The loop is woken soon, with all others that ask until then.</summary>
    public void WakeSoon(AppendWake loop)
    {
        if (hold is null)
        {
            loop.Now();
            return;
        }

        lock (gate)
        {
            due.Add(loop);
            if (due.Count == 1) Monitor.Pulse(gate);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }

        thread?.Join();
    }

    private void Run()
    {
        while (IsAnyDue())
        {
            hold!(Pause);
            lock (gate) (woken, due) = (due, woken);
            foreach (var loop in woken) loop.Now();
            woken.Clear();
        }
    }

    /// <returns>False: it is closed, and nothing is left.</returns>
    private bool IsAnyDue()
    {
        lock (gate)
        {
            while (due.Count == 0 && !isClosed) Monitor.Wait(gate);
            return due.Count > 0;
        }
    }
}
