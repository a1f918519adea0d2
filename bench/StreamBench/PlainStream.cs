using System.Threading.Channels;

namespace EventSourcedStreams.StreamBench;

/// <summary>What an app without this library does for observers: a channel for each, and a flush for each token. An
/// observer that comes later has missed what was said.</summary>
internal sealed class PlainStream
{
    private readonly Lock gate = new();
    private readonly List<Channel<string>> observers = [];

    public async Task ObserveAsync(HttpContext http)
    {
        var channel = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        lock (gate) observers.Add(channel);
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var token in channel.Reader.ReadAllAsync(http.RequestAborted))
        {
            await http.Response.WriteAsync($"data: {token}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    public async Task SpeakAsync(Func<Func<string, Task>, Task> speak)
    {
        await speak(token =>
        {
            lock (gate)
                foreach (var observer in observers) observer.Writer.TryWrite(token);
            return Task.CompletedTask;
        });
        lock (gate)
        {
            foreach (var observer in observers) observer.Writer.TryComplete();
            observers.Clear();
        }
    }
}
