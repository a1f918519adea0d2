namespace EventSourcedStreams.Audit.Stats;

/// <summary>How numbers of 0 and above are spread, counted in steps of 2 %: percentiles are true within 1 %, and memory
/// does not grow with how many there are. Least, greatest and mean are exact.</summary>
internal sealed class Distribution
{
    private static readonly double Step = Math.Log(1.02);

    private readonly SortedDictionary<int, long> steps = [];
    private double sum;

    public long Count { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; }

    public double Mean => sum / Count;

    /// <summary>Below 0, as where clocks disagree, counts as 0.</summary>
    public void Add(double number)
    {
        number = Math.Max(number, 0);
        Count++;
        sum += number;
        Min = Math.Min(Min, number);
        Max = Math.Max(Max, number);
        var step = number == 0 ? int.MinValue : (int)Math.Floor(Math.Log(number) / Step);
        steps[step] = steps.GetValueOrDefault(step) + 1;
    }

    /// <summary>The least number that at least this part of all does not pass.</summary>
    /// <param name="part">0…1.</param>
    public double Percentile(double part)
    {
        var left = Math.Max(1, (long)Math.Ceiling(part * Count));
        foreach (var (step, count) in steps)
            if ((left -= count) <= 0) return Math.Clamp(Middle(step), Min, Max);
        return Max;
    }

    /// <summary>How many lie in each of so many parts, each by the same factor wider than the one before, from the
    /// least above 0 to the greatest; what is 0 is in the first.</summary>
    public IReadOnlyList<(double To, long Count)> Parts(int parts)
    {
        if (Count == 0) return [];
        var least = steps.Keys.FirstOrDefault(step => step != int.MinValue);
        var width = Math.Max(1, (int)Math.Ceiling((steps.Keys.Last() - least + 1) / (double)parts));
        if (Max == 0) return [(0, Count)];
        var counts = new long[((steps.Keys.Last() - least) / width) + 1];
        foreach (var (step, count) in steps) counts[step == int.MinValue ? 0 : (step - least) / width] += count;
        return [.. counts.Select((count, i) => (Math.Min(Max, Math.Exp((least + ((i + 1) * width)) * Step)), count))];
    }

    private static double Middle(int step) => step == int.MinValue ? 0 : Math.Exp((step + 0.5) * Step);
}
