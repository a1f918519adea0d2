namespace EventSourcedStreams.Sqlite;

/// <summary>
/// The answers to one commit's requests. They are given on the pool, never on the writer's thread, and each caller goes
/// on right where it is answered: hundreds of callers are not hundreds of entries in the pool's queue.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    [ThreadStatic]
    private static bool areWaiting;

    private readonly List<WriteRequest> requests;
    private int next;

    private Answers(List<WriteRequest> requests) => this.requests = requests;

    /// <summary>This thread has more answers to give when its caller returns.</summary>
    public static bool AreWaiting => areWaiting;

    public static void Give(List<WriteRequest> requests)
    {
        if (requests.Count > 0) ThreadPool.UnsafeQueueUserWorkItem(new Answers(requests), preferLocal: false);
    }

    /// <summary>For the rare answers.</summary>
    public static void Later(Action answer) => ThreadPool.UnsafeQueueUserWorkItem(static answer => answer(), answer, preferLocal: false);

    /// <summary>Takes those out whose callers have left, and answers them.</summary>
    public static void AbandonLeft(List<WriteRequest> requests) => requests.RemoveAll(static request =>
    {
        if (!request.IsAbandoned) return false; // once: a second look may see something else
        Later(request.Abandon);
        return true;
    });

    public void Execute()
    {
        // A caller may go on for long, or wait for another one's answer: the next thread that is free gives the rest.
        if (Volatile.Read(ref next) < requests.Count - 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        try
        {
            while (Interlocked.Increment(ref next) - 1 is var at && at < requests.Count)
            {
                areWaiting = at < requests.Count - 1;
                requests[at].Complete();
            }
        }
        finally
        {
            areWaiting = false;
        }
    }
}
