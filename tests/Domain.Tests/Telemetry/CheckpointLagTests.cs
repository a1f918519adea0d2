using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Domain.Tests.Telemetry;

public sealed class CheckpointLagTests
{
    private readonly ManualTime time = new();
    private readonly CheckpointLag lag;

    public CheckpointLagTests() => lag = new CheckpointLag(time);

    [Fact]
    public void It_grows_while_a_written_event_has_not_been_taken_in()
    {
        lag.Written(At(5));
        time.Advance(TimeSpan.FromSeconds(3));

        lag.Value.Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void It_is_nothing_once_all_has_been_taken_in()
    {
        lag.Written(At(5));
        time.Advance(TimeSpan.FromSeconds(3));
        lag.Taken(At(5));

        lag.Value.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void What_was_written_since_counts_from_its_own_time()
    {
        lag.Written(At(5));
        time.Advance(TimeSpan.FromSeconds(3));
        lag.Written(At(7));
        time.Advance(TimeSpan.FromSeconds(2));
        lag.Taken(At(6));

        lag.Value.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_reader_that_was_faster_than_the_writers_answer_has_no_lag()
    {
        lag.Taken(At(9));
        lag.Written(At(8));
        time.Advance(TimeSpan.FromSeconds(3));

        lag.Value.Should().Be(TimeSpan.Zero);
    }

    private static LogPosition At(ulong position) => new(position, position);
}
