using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

public abstract partial class StreamLogContract
{
    private static readonly NodeRun Recorder = new("node-a", "run-1");

    [Fact]
    public async Task A_batch_of_the_record_of_access_is_kept_once_and_in_order()
    {
        await Log.LimitAccessAsync(TimeSpan.FromDays(90), CancellationToken.None);
        var id = new AppendId(Guid.NewGuid());
        ServiceEvent.AccessRecorded[] batch =
        [
            new("web", "text", new StreamId("a"), "127.0.0.1", null) { At = Time.GetUtcNow() },
            new("anonymous", "drive", new StreamId("a"), null, "unauthenticated") { At = Time.GetUtcNow() },
        ];

        (await Log.AppendAccessAsync(batch, Recorder, id, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>();
        (await Log.AppendAccessAsync(batch, Recorder, id, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>("it is the same batch again");

        var stored = (await Store.ReadAllAsync(Prefix.Access)).Select(ServiceCodec.Decode).ToArray();
        stored.Select(each => each.Event).Should().Equal(batch);
        stored.Select(each => each.Context.Actor).Should().Equal("web", "anonymous");
    }
}
