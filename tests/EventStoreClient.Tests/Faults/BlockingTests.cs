using EventSourcedStreams.TestKit;
namespace EventStore.Client.Tests.Faults;

/// <summary>What goes on after an append does so on the thread that heard its answer.</summary>
public sealed class BlockingTests : FaultTest
{
    [Fact]
    public async Task What_goes_on_after_an_append_may_block_until_the_next_one_is_answered()
    {
        await using var client = Client();

        var last = Task.Run(() => OneAfterAnotherAsync(client));

        (await last.WaitAsync(Eventually.Limit)).Should().Be(3);
    }

    private static async Task<ulong> OneAfterAnotherAsync(EventStoreClient client)
    {
        await AppendAsync(client, 1).ConfigureAwait(false);
        var second = AppendAsync(client, 2);
        second.Wait();
        return await AppendAsync(client, 3).ConfigureAwait(false);
    }
}
