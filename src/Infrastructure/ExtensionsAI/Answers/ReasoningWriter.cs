using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes thoughts. What only the provider reads ends a thought, as it does where updates are put together
/// into messages.</summary>
internal sealed class ReasoningWriter(IAppender output)
{
    /// <summary>Where text and thoughts take turns more often, the last thought stays open for all that come.</summary>
    private const int MaxParts = 2048;

    private IPartAppender? open;
    private int parts;

    public async ValueTask WriteAsync(TextReasoningContent thought)
    {
        if (!string.IsNullOrEmpty(thought.Text))
        {
            open ??= Start();
            await open.AppendAsync(thought.Text);
        }

        if (string.IsNullOrEmpty(thought.ProtectedData)) return;
        var data = output.StartWithinLimits(new PartStart(PartKinds.Opaque) { Of = open?.Number });
        await data.AppendInPiecesAsync(thought.ProtectedData);
        await data.EndAsync();
        if (open is not null) await open.EndAsync();
        open = null;
    }

    /// <summary>Something else is told.</summary>
    public async ValueTask EndAsync()
    {
        if (open is null || parts >= MaxParts) return;
        await open.EndAsync();
        open = null;
    }

    private IPartAppender Start()
    {
        parts++;
        return output.StartWithinLimits(new PartStart(PartKinds.Reasoning));
    }
}
