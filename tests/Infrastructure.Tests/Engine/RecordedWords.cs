using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Infrastructure.Tests.Engine;

/// <summary>Keeps what is logged, in words.</summary>
internal sealed class RecordedWords : ILogger
{
    private readonly List<string> words = [];

    public IReadOnlyList<string> Words
    {
        get { lock (words) return [.. words]; }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (words) words.Add(formatter(state, exception));
    }
}
