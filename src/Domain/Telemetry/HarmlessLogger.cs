using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Domain;

/// <summary>Writes lines where that works. A logger that fails, as on a full disk, costs the line alone: neither the
/// thread or the loop that would say it, nor what it would say of.</summary>
internal sealed class HarmlessLogger(ILogger lines) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => lines.BeginScope(state);

#pragma warning disable CA1031 // Whatever it is: there is nowhere left to say it.
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return lines.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            lines.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // The line is lost.
        }
    }
#pragma warning restore CA1031
}
