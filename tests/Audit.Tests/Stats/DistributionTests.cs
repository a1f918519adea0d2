using EventSourcedStreams.Audit.Stats;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.Audit.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void Percentiles_are_true_within_one_percent() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000_000).Select(n => n / 1000.0).NonEmptyListOf().ToArbitrary(),
            Gen.Choose(0, 100).Select(n => n / 100.0).ToArbitrary(),
            (numbers, part) =>
            {
                var distribution = new Distribution();
                foreach (var number in numbers) distribution.Add(number);
                var exact = numbers.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(part * numbers.Count) - 1));

                distribution.Percentile(part).Should().BeInRange(exact * 0.99, exact * 1.0101);
                (distribution.Min, distribution.Max, distribution.Count).Should().Be((numbers.Min(), numbers.Max(), numbers.Count));
                distribution.Mean.Should().BeApproximately(numbers.Average(), 0.001);
                distribution.Parts(10).Sum(p => p.Count).Should().Be(numbers.Count);
                distribution.Parts(10).Count.Should().BeLessThanOrEqualTo(10);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_below_zero_counts_as_zero()
    {
        var distribution = new Distribution();
        distribution.Add(-3);

        (distribution.Min, distribution.Max, distribution.Percentile(0.5)).Should().Be((0, 0, 0));
        distribution.Parts(10).Should().Equal((0, 1));
    }
}
