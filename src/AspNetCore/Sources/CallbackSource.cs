using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A source that is one function of the app's own code: what it appends is the text, its return the clean end, an
/// exception the error. Any input is taken as it is. An append may be awaited, to be paused while too much is unsaved,
/// or not.
/// </summary>
internal sealed class CallbackSource : ITextSource
{
    private readonly Func<SourceRequest, AppendText, CancellationToken, Task> write;

    public CallbackSource(string name, Func<SourceRequest, AppendText, CancellationToken, Task> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(write);
        Name = name;
        this.write = write;
    }

    /// <param name="write">Says how it ended too: a finish reason, a usage.</param>
    public CallbackSource(string name, Func<SourceRequest, AppendText, CancellationToken, Task<SourceResult>> write)
        : this(name, (Func<SourceRequest, AppendText, CancellationToken, Task>)write) { }

    public CallbackSource(string name, Func<AppendText, CancellationToken, Task> write)
        : this(name, (_, append, ct) => write(append, ct)) { }

    public string Name { get; }

    public void Validate(JsonElement? input) { }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        // An appender takes one caller at a time, and nothing keeps a callback from appending out of several tasks.
        var oneAtATime = new Lock();
        var writing = write(request, Append, ct);
        await writing;
        return writing is Task<SourceResult> { Result: var result } ? result : SourceResult.Ended;

        Task Append(string text)
        {
            ArgumentNullException.ThrowIfNull(text);
            lock (oneAtATime) return output.AppendAsync(text, ct);
        }
    }
}
