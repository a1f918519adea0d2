using System.Diagnostics;

namespace EventSourcedStreams.Sqlite;

/// <summary>
/// What one question to a log may cost that may have been made to harm its reader: more steps than a sound file of its
/// size needs for any question, or more time, and it is damage. Pages that name each other in a circle, or an index
/// over an endless expression, would otherwise be read for ever.
/// </summary>
/// <param name="file">The write-ahead log beside it counts too.</param>
internal sealed class ReadBudget(string file)
{
    /// <summary>Steps of SQLite's machine between two looks.</summary>
    public const int StepsBetweenLooks = 10_000;

    /// <summary>What the message says when it is over.</summary>
    public const string Spent = "reading it takes more steps than a sound log of its size needs";

    private const long LeastSteps = 20_000_000;
    private const long StepsPerByte = 2;
    private const long BytesPerSecond = 2 << 20;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);

    private long begun = Stopwatch.GetTimestamp();
    private long left = LeastSteps;
    private TimeSpan time = LeastTime;

    public bool IsSpent { get; private set; }

    /// <summary>Before a question.</summary>
    public void Renew()
    {
        var bytes = BytesOf(file) + BytesOf(file + "-wal");
        (left, time) = (LeastSteps + (StepsPerByte * bytes), LeastTime + TimeSpan.FromSeconds(bytes / BytesPerSecond));
        (begun, IsSpent) = (Stopwatch.GetTimestamp(), false);
    }

    /// <returns>Whether the question has to end.</returns>
    public bool Look() => IsSpent |= (left -= StepsBetweenLooks) < 0 || Stopwatch.GetElapsedTime(begun) > time;

    private static long BytesOf(string name) => new FileInfo(name) is { Exists: true } found ? found.Length : 0;
}
