using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What the server logs as an error: nothing that a client sends is one.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> faults = new();

    /// <exception cref="InvalidOperationException">The server has logged an error since it was last asked.</exception>
    public void RequireNone()
    {
        if (faults.IsEmpty) return;
        var said = string.Join('\n', faults);
        faults.Clear();
        throw new InvalidOperationException($"The server's log has errors:\n{said}");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) faults.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose() { }
}
