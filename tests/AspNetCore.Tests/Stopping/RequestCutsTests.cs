using EventSourcedStreams.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventSourcedStreams.AspNetCore.Tests.Stopping;

public sealed class RequestCutsTests
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly ManualTime time = new();
    private readonly RequestCuts cuts;

    public RequestCutsTests() => cuts = new RequestCuts(time);

    [Fact]
    public void Requests_that_are_still_there_a_moment_after_the_engine_is_taken_away_are_cut_and_no_others()
    {
        var all = Enumerable.Range(0, 5).Select(_ => new Cuttable()).ToList();
        var entered = all.Select(request => cuts.Enter(request.Http)).ToList();
        foreach (var over in (int[])[0, 2, 4]) entered[over].Dispose();

        cuts.CutSoon();
        time.Advance(LastWords / 2);
        all.Should().OnlyContain(request => !request.IsCut);
        entered[1].Dispose();
        time.Advance(LastWords);

        all.Select(request => request.IsCut).Should().Equal(false, false, false, true, false);
    }

    [Fact]
    public void A_request_that_comes_in_the_moment_of_the_stop_is_cut_too()
    {
        cuts.CutSoon();
        time.Advance(LastWords * 2);
        var late = new Cuttable();
        using var request = cuts.Enter(late.Http);

        request.IsStopping.Should().BeTrue();
        time.Advance(LastWords);
        late.IsCut.Should().BeFalse("an observer waits for another engine for so long");
        time.Advance(LastWords);

        late.IsCut.Should().BeTrue();
    }

    [Fact]
    public void Requests_are_cut_each_in_its_time_those_that_were_there_first()
    {
        var (early, late, later) = (new Cuttable(), new Cuttable(), new Cuttable());
        using var first = cuts.Enter(early.Http);
        cuts.CutSoon();
        time.Advance(LastWords / 2);
        using var second = cuts.Enter(late.Http);
        time.Advance(LastWords / 2);
        (early.IsCut, late.IsCut).Should().Be((true, false));
        using var third = cuts.Enter(later.Http);

        time.Advance(LastWords * 1.5);
        (late.IsCut, later.IsCut).Should().Be((true, false));
        time.Advance(LastWords / 2);

        later.IsCut.Should().BeTrue();
    }

    [Fact]
    public void No_request_is_cut_once_another_engine_is_there()
    {
        var (early, late) = (new Cuttable(), new Cuttable());
        using var first = cuts.Enter(early.Http);
        cuts.CutSoon();
        using var second = cuts.Enter(late.Http);

        cuts.GoOn();
        time.Advance(LastWords * 3);

        (early.IsCut, late.IsCut, second.IsStopping).Should().Be((false, false, false));
        cuts.CutSoon();
        time.Advance(LastWords);
        (early.IsCut, late.IsCut).Should().Be((true, true));
    }

    [Fact]
    public void A_request_may_end_while_it_is_cut()
    {
        var (one, other) = (new Cuttable(), new Cuttable());
        var first = cuts.Enter(one.Http);
        using var second = cuts.Enter(other.Http);
        one.Left = first.Dispose;
        other.Left = first.Dispose;
        cuts.CutSoon();

        time.Advance(LastWords);

        other.IsCut.Should().BeTrue();
        one.IsCut.Should().BeFalse("it was over before its turn");
    }

    [Fact]
    public void Requests_cost_no_timer_before_a_stop_and_none_after_the_last_is_over()
    {
        var entered = Enumerable.Range(0, 100).Select(_ => cuts.Enter(new Cuttable().Http)).ToList();
        time.Armed.Should().Be(0);

        cuts.CutSoon();
        time.Armed.Should().Be(1);
        entered.ForEach(request => request.Dispose());

        time.Armed.Should().Be(0);
    }

    private sealed class Cuttable : IHttpRequestLifetimeFeature
    {
        public Cuttable() => Http.Features.Set<IHttpRequestLifetimeFeature>(this);

        public DefaultHttpContext Http { get; } = new();

        public bool IsCut { get; private set; }

        public Action? Left { get; set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            IsCut = true;
            Left?.Invoke();
        }
    }
}
