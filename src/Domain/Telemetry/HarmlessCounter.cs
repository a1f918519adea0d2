using System.Diagnostics.Metrics;

namespace EventSourcedStreams.Domain;

/// <summary>Counts where that works. A listener of an app's own that throws costs the measurement alone: neither the
/// stream that is counted nor the thread that counts it.</summary>
/// <param name="counter">Null: a listener threw when it was told of the instrument, and nothing is counted.</param>
internal sealed class HarmlessCounter(Counter<long>? counter)
{
    public void Add(long more, params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
#pragma warning disable CA1031 // Whatever a listener throws is its own trouble.
        try
        {
            counter?.Add(more, labels);
        }
        catch (Exception)
        {
            // The measurement is lost.
        }
#pragma warning restore CA1031
    }
}
