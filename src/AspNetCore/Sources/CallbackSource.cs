using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A source that is one function of the app's own code: what it appends is the text, its return the clean end, an
/// exception the error. Any input is taken as it is. An append may be awaited, to be paused while too much is unsaved,
/// or not.
/// </summary>
internal sealed class CallbackSource : PartCallbackSource
{
    public CallbackSource(string name, Func<SourceRequest, AppendText, CancellationToken, Task> write)
        : base(name, write is null ? null! : (request, output, ct) => write(request, OneAtATime(output, ct), ct)) { }

    /// <param name="write">Says how it ended too: a finish reason, a usage.</param>
    public CallbackSource(string name, Func<SourceRequest, AppendText, CancellationToken, Task<SourceResult>> write)
        : this(name, (Func<SourceRequest, AppendText, CancellationToken, Task>)write) { }

    /// <summary>An appender takes one caller at a time, and nothing keeps a callback from appending out of several
    /// tasks.</summary>
    private static AppendText OneAtATime(IAppender output, CancellationToken ct)
    {
        var gate = new Lock();
        return text =>
        {
            ArgumentNullException.ThrowIfNull(text);
            lock (gate) return output.AppendAsync(text, ct);
        };
    }
}
