using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.TestKit;

/// <summary>Keeps what is logged, of any category.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    /// <summary>Kestrel's warning that its once-a-second turn took longer than a second: it is of the machine, whose
    /// threads stand still for that long when it is busy.</summary>
    private const string SlowMachine = "HeartbeatSlow";

    private readonly ConcurrentQueue<(LogLevel Level, string? Event, string Line)> lines = new();

    /// <summary>Warnings and worse, each with its category and its exception; but for what the server says of a machine
    /// that is slow.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. lines.Where(line => line.Level >= LogLevel.Warning && line.Event != SlowMachine).Select(line => line.Line)];

    /// <summary>All that was logged, of any level: the level, the category, the line, the exception.</summary>
    public IReadOnlyList<string> Lines => [.. lines.Select(line => line.Line)];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(RecordedLogs to, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            to.lines.Enqueue((logLevel, eventId.Name, $"{logLevel} {category}: {formatter(state, exception)} {exception}"));
    }
}
