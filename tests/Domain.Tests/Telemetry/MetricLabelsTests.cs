namespace EventSourcedStreams.Domain.Tests.Telemetry;

public sealed class MetricLabelsTests
{
    private readonly MetricLabels labels = new();

    [Fact]
    public void What_clients_name_cannot_make_more_series_than_the_bound()
    {
        var series = Enumerable.Range(0, 5_000).Select(i => labels.UsageOf($"source-{i % 70}", $"model-{i}", $"tenant-{i * 7}")).ToHashSet();

        series.Should().HaveCountLessThan(600);
        series.Select(usage => usage.Model).Distinct().Should().HaveCountLessThanOrEqualTo(51);
        series.Select(usage => usage.Tenant).Distinct().Should().HaveCountLessThanOrEqualTo(201);
        series.Should().Contain(usage => usage.Model == "other" && usage.Tenant == "other");
    }

    [Fact]
    public void Known_names_keep_their_series_when_the_room_is_used_up()
    {
        var known = labels.UsageOf("openai", "gpt", "acme");
        for (var i = 0; i < 5_000; i++) labels.UsageOf("openai", $"model-{i}", $"tenant-{i}");

        labels.UsageOf("openai", "gpt", "acme").Should().Be(known).And.Be(new MetricLabels.Usage("openai", "gpt", "acme"));
    }

    [Fact]
    public void A_name_that_was_only_asked_for_takes_no_room()
    {
        for (var i = 0; i < 1_000; i++) labels.Models.Find($"model-{i}").Should().Be("other");

        labels.Models.Admit("gpt").Should().Be("gpt");
        labels.Models.Find("gpt").Should().Be("gpt");
    }

    [Fact]
    public async Task Many_at_once_keep_to_the_bound()
    {
        var names = new BoundedNames(10);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(from => Task.Run(
            () => Enumerable.Range(0, 2_000).Select(i => names.Admit($"{(i + (from * 31)) % 400}")).ToHashSet())));

        taken.SelectMany(each => each).Distinct().Should().HaveCountLessThanOrEqualTo(11);
    }

    [Theory]
    [InlineData(null, "none")]
    [InlineData("  ", "none")]
    [InlineData("gpt-4.1/mini (eu)", "gpt-4.1/mini (eu)")]
    [InlineData("a\nb\"c{d}\0", "a_b_c_d__")]
    public void A_value_is_one_short_line_without_quotes(string? value, string label) => BoundedNames.Clean(value).Should().Be(label);

    [Fact]
    public void A_long_value_is_cut() => BoundedNames.Clean(new string('x', 300_000)).Should().HaveLength(64);
}
