using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>How streams are served over HTTP.</summary>
internal sealed class TextStreamsHttpOptions
{
    /// <summary>The source of a stream whose creation names none; null: it has to name one.</summary>
    public string? DefaultSource { get; set; }

    /// <summary>
    /// The sources that a client may name when it creates a stream; null: all there are. Empty where only the app's own
    /// code creates streams, by <c>TextStreams</c>: a client could else let a source write, and be paid for, that the
    /// app means for itself.
    /// </summary>
    public IReadOnlyCollection<string>? ClientSources { get; set; }

    /// <summary>
    /// The origins, as <c>https://app.example.com</c>, whose pages may change something beside the server's own;
    /// <c>*</c> is all. Null: what <c>Cors:Origins</c> names. Pages of others are refused (403), whether or not CORS
    /// would let them read the answer.
    /// </summary>
    public IReadOnlyCollection<string>? Origins { get; set; }

    /// <summary>
    /// Bytes of live frames that may wait for one observer's socket, beside what the server buffers itself; past it the
    /// observer reads on in the log, or is disconnected if it takes nothing. The frames are shared, so what waits costs
    /// the node once, not once an observer.
    /// </summary>
    public int ObserverQueueBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// How long a client may take nothing of an answer; then it is cut. Of an upload's echo only the echo stops, and a
    /// driver has <see cref="LastWordsLimit"/> after the ending.
    /// </summary>
    public TimeSpan TakeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests under way at one time, observers among them; more are refused (503).</summary>
    public int MaxRequests { get; set; } = 10_000;

    /// <summary>How long the rest of a text may take to reach a slow driver once the stream has ended; then it is
    /// cut.</summary>
    public TimeSpan LastWordsLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What is not said is as the app's sources and configuration have it.</summary>
    internal void Complete(IServiceProvider provider)
    {
        var all = provider.GetRequiredService<IOptions<TextStreamsOptions>>().Value;
        var streams = all.Streams;
        var open = provider.GetRequiredService<TextSources>().OpenToClients;
        ClientSources ??= streams.ClientSources is { } some ? [.. open.Where(some.Contains)] : open;
        var isTriedOut = provider.GetService<IHostEnvironment>()?.IsDevelopment() is true && ClientSources.Contains("demo");
        Origins ??= all.Cors.Origins;
        MaxRequests = all.MaxRequests();
        DefaultSource ??= streams.DefaultSource ?? (isTriedOut ? "demo" : null);
    }
}
