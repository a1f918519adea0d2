using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Sqlite;

/// <summary>One thing to be done within a commit, and the task that its caller awaits.</summary>
/// <param name="stream">The stream that it touches.</param>
internal abstract class WriteRequest(string stream, int bytes, CancellationToken ct)
{
    public string Stream { get; } = stream;

    public int Bytes { get; } = bytes;

    /// <summary>Its caller was gone before it was begun: nothing is written.</summary>
    public virtual bool IsAbandoned => ct.IsCancellationRequested;

    protected CancellationToken Ct => ct;

    /// <summary>Does it in the open transaction; once more in another one if that could not be committed.</summary>
    /// <exception cref="LogDamagedException">Before anything was written, the rest of the commit goes on without it;
    /// afterwards the commit is taken back, and the rest done anew.</exception>
    public abstract void Apply(WriteConnection connection);

    /// <summary>What it did is durable.</summary>
    public abstract void Complete();

    /// <summary>Whether it was done is not known.</summary>
    public abstract void Fail(string why, Exception cause);

    public abstract void Refuse(LogDamagedException damage);

    public abstract void Abandon();
}

/// <param name="tellsNext">Of an append that lost by one event, its answer has that event.</param>
internal sealed class AppendRequest(
    string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, int bytes, bool tellsNext, CancellationToken ct)
    : WriteRequest(stream, bytes, ct)
{
    // Its caller goes on where it is answered: see Answers.
    private readonly TaskCompletionSource<AppendOutcome> answer = new();
    private AppendOutcome? result;

    public Task<AppendOutcome> Answer => answer.Task;

    /// <summary>The answer, or an end of the waiting for it when the caller's token fires.</summary>
    public Task<AppendOutcome> AnswerUnlessLeftAsync() => Ct.CanBeCanceled ? answer.Task.WaitAsync(Ct) : answer.Task;

    public override void Apply(WriteConnection connection)
    {
        result = connection.Append(Stream, expected, events);
        if (tellsNext && result is AppendOutcome.Lost lost && !expected.IsLoose && lost.Actual == expected.Value + 1)
            result = lost with { Next = connection.Last(Stream) };
    }

    public override void Complete() => answer.TrySetResult(result!);

    public override void Fail(string why, Exception cause) => answer.TrySetResult(new AppendOutcome.Unknown(why, cause));

    public override void Refuse(LogDamagedException damage) => answer.TrySetException(damage);

    public override void Abandon() => answer.TrySetCanceled(Ct);
}

/// <summary>A tombstone, or limits: there is nothing to answer but that it is done.</summary>
internal sealed class StreamRequest(string stream, int bytes, Action<WriteConnection> act, CancellationToken ct)
    : WriteRequest(stream, bytes, ct)
{
    private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answer => answer.Task;

    public override void Apply(WriteConnection connection) => act(connection);

    public override void Complete() => answer.TrySetResult();

    public override void Fail(string why, Exception cause) => answer.TrySetException(new LogUnavailableException(why, cause));

    public override void Refuse(LogDamagedException damage) => answer.TrySetException(damage);

    public override void Abandon() => answer.TrySetCanceled(Ct);
}
