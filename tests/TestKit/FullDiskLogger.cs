using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.TestKit;

/// <summary>A logger that can write nothing.</summary>
public sealed class FullDiskLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new IOException("No space left on device.");
}
