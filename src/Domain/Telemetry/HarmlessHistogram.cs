using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventSourcedStreams.Domain;

/// <summary>Measures where that works, as <see cref="HarmlessCounter"/> counts.</summary>
/// <param name="histogram">Null: a listener threw when it was told of the instrument, and nothing is measured.</param>
internal sealed class HarmlessHistogram(Histogram<double>? histogram)
{
#pragma warning disable CA1031 // Whatever a listener throws is its own trouble.
    public void Record(double value, params ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        try
        {
            histogram?.Record(value, labels);
        }
        catch (Exception)
        {
            // The measurement is lost.
        }
    }

    public void Record(double value, in TagList labels)
    {
        try
        {
            histogram?.Record(value, labels);
        }
        catch (Exception)
        {
            // As above.
        }
    }
#pragma warning restore CA1031
}
