using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

public sealed class AnswerProperties
{
    private static readonly Arbitrary<AnswerScript> Scripts = (
        from acts in Gen.Choose(0, 10_000).ArrayOf()
        from style in Gen.Choose(0, 10_000)
        from failure in Gen.Choose(0, 160)
        from cut in Gen.Choose(0, 1000)
        from reads in Gen.Choose(0, 60).ArrayOf()
        select new AnswerScript(acts, style, failure, cut, reads)).ToArbitrary();

    [Fact]
    public void What_a_strict_reader_shows_is_the_text_of_a_good_end_and_a_bad_one_shows_no_other() =>
        Prop.ForAll(Scripts, script =>
        {
            var outcome = Read(script);

            if (outcome.IsGood) outcome.Text.Should().Be(script.Text, $"{script} ended well");
            else script.Text.Should().StartWith(outcome.Text, $"{script} ended with {outcome.Message}");
            if (script.HasFailure && !script.IsCut) outcome.IsGood.Should().BeFalse($"{script} says that it failed");
            if (script.IsSound) outcome.Message.Should().BeNull($"{script} is sound");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void How_the_bytes_arrive_changes_nothing() => Prop.ForAll(Scripts, script =>
        Read(script).Should().Be(Read(script with { Reads = [] }), script.ToString())).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static AnswerOutcome Read(AnswerScript script) => AnswerOutcome.OfAsync(
        script.Pieces, script.IsFramed, script is { IsCut: true, IsFramed: true } ? _ => throw new IOException("reset") : null).GetAwaiter().GetResult();
}
