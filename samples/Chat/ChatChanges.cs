using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace EventSourcedStreams.Chat;

/// <summary>Tells a user's open pages what was asked in another one.</summary>
internal sealed class ChatChanges
{
    /// <summary>Changes that may wait for one page. A page that is further behind is let go; it comes back, and reads
    /// anew.</summary>
    private const int Waiting = 64;

    private readonly Lock gate = new();
    private readonly List<(string User, Channel<Asked> Changes)> pages = [];

    public void Tell(Asked asked)
    {
        lock (gate)
        {
            foreach (var page in pages.Where(page => page.User == asked.User))
            {
                if (!page.Changes.Writer.TryWrite(asked)) page.Changes.Writer.TryComplete();
            }
        }
    }

    /// <summary>From now on, first a <c>ready</c>: what is read after it misses nothing.</summary>
    public async IAsyncEnumerable<SseItem<Change>> OfAsync(string user, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = (user, Channel.CreateBounded<Asked>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.Wait }));
        lock (gate) pages.Add(page);
        try
        {
            yield return new(new Change("", "", "", null), "ready");
            await foreach (var asked in page.Item2.Reader.ReadAllAsync(ct))
                yield return new(new Change(asked.Chat, asked.Question, asked.Stream, asked.InsteadOf), "asked");
        }
        finally
        {
            lock (gate) pages.Remove(page);
        }
    }
}

internal sealed record Change(string Chat, string Question, string Stream, string? InsteadOf);
