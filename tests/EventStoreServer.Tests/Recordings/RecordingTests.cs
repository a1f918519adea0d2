namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What a real server answered is what the served log answers.</summary>
public sealed class RecordingTests
{
    public static TheoryData<string> Served => [.. Recording.All.Select(recording => recording.Id).Except(Unsupported.Reasons.Keys)];

    public static TheoryData<string> NotServed => [.. Unsupported.Reasons.Keys.Where(id => id.StartsWith("10-", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Served))]
    public async Task A_recorded_call_is_answered_as_it_was(string call) =>
        (await Replay.OutcomeAsync(Recording.All.Single(recording => recording.Id == call))).Should().BeEmpty();

    [Theory, MemberData(nameof(NotServed))]
    public async Task What_is_not_served_is_an_unknown_service(string call)
    {
        await using var served = await ServedLog.StartAsync();
        using var started = served.Call(Recording.All.Single(recording => recording.Id == call).Path, []);

        (await started.HeadersAsync())[":status"].Should().Be("404");
    }

    [Fact]
    public void All_188_recorded_calls_are_there_and_what_is_not_served_is_among_them()
    {
        Recording.All.Should().HaveCount(188);
        Recording.All.Select(recording => recording.Id).Should().OnlyHaveUniqueItems().And.Contain(Unsupported.Reasons.Keys);
    }
}
