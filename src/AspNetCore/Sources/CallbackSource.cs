using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// A source in a few lines of the host's own code: what the callback appends is the text, its return the clean end, an exception the
/// error. Any input is taken as it is. An append may be awaited, to be paused while too much is unsaved, or not.
/// </summary>
/// <example><code>
/// new CallbackSource("clock", async (append, ct) =>
/// {
///     for (var i = 0; i &lt; 10; i++) await append($"{time.GetUtcNow():T}\n");
/// });
/// </code></example>
public sealed class CallbackSource : ITextSource
{
    private readonly Func<SourceRequest, Func<string, Task>, CancellationToken, Task<SourceResult>> write;

    /// <param name="write">Gets the stream's id and input too, and says how it ended: a finish reason, a usage.</param>
    public CallbackSource(string name, Func<SourceRequest, Func<string, Task>, CancellationToken, Task<SourceResult>> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(write);
        Name = name;
        this.write = write;
    }

    /// <param name="write">Gets the stream's id and input too.</param>
    public CallbackSource(string name, Func<SourceRequest, Func<string, Task>, CancellationToken, Task> write)
        : this(name, Ended(write)) { }

    public CallbackSource(string name, Func<Func<string, Task>, CancellationToken, Task> write) : this(name, Ended(write)) { }

    public string Name { get; }

    public void Validate(JsonElement? input) { }

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        // An appender takes one caller at a time, and nobody keeps a callback from appending out of several tasks.
        var oneAtATime = new Lock();
        return write(request, Append, ct);

        // A Task and not a ValueTask: a callback may drop it without a warning.
        Task Append(string text)
        {
            ArgumentNullException.ThrowIfNull(text);
            lock (oneAtATime) return output.AppendAsync(text, ct).AsTask();
        }
    }

    private static Func<SourceRequest, Func<string, Task>, CancellationToken, Task<SourceResult>> Ended(
        Func<SourceRequest, Func<string, Task>, CancellationToken, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return async (request, append, ct) =>
        {
            await write(request, append, ct);
            return SourceResult.Ended;
        };
    }

    private static Func<SourceRequest, Func<string, Task>, CancellationToken, Task<SourceResult>> Ended(
        Func<Func<string, Task>, CancellationToken, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return Ended((_, append, ct) => write(append, ct));
    }
}
