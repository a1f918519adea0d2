namespace EventSourcedStreams.StreamBench;

/// <summary>Measured values of one kind.</summary>
internal sealed class Distribution(IEnumerable<double> values)
{
    private readonly double[] sorted = [.. values.Order()];

    /// <summary>All values of several.</summary>
    public static Distribution Of(IEnumerable<Distribution> several) => new(several.SelectMany(each => each.sorted));

    public int Count => sorted.Length;

    /// <param name="share">0…1.</param>
    public double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    public double Median => At(0.5);
}
