using Grpc.Core;

namespace EventStore.Client.Tests.Faults;

/// <summary>The connection is cut behind each byte of a call in turn, its first one to the one behind which the call
/// ends well.</summary>
public sealed class CutTests : FaultTest
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Appends_on_one_call_end_as_lost_or_as_their_own_and_the_next_one_works(bool fromClient, bool reset) =>
        await EverywhereAsync(fromClient, reset, async (client, at) =>
        {
            var appends = Enumerable.Range(1, 5).Select(number => AppendAsync(client, number)).ToArray();
            var whole = true;
            for (var number = 1; number <= appends.Length; number++)
            {
                var end = await EndAsync(appends[number - 1], $"append {number}, cut at {at}");
                if (end is null) (await appends[number - 1]).Should().Be((ulong)number, "cut at {0}", at);
                else end.Should().Be(StatusCode.Unavailable, "cut at {0}", at);
                whole &= end is null;
            }

            return whole;
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_append_of_its_own_call_ends_as_lost_or_well_and_the_next_one_works(bool fromClient)
    {
        Server.WithoutBatchAppend();
        await EverywhereAsync(fromClient, false, async (client, at) =>
        {
            var end = await EndAsync(AppendAsync(client, 1), $"the append, cut at {at}");
            (end ?? StatusCode.Unavailable).Should().Be(StatusCode.Unavailable, "cut at {0}", at);
            return end is null;
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_ends_as_lost_or_whole_and_the_next_call_works(bool fromClient) =>
        await EverywhereAsync(fromClient, false, async (client, at) =>
        {
            var read = ReadAsync(client);
            var end = await EndAsync(read, $"the read, cut at {at}");
            if (end is null) (await read).Should().Be(EchoServer.Events, "cut at {0}", at);
            else end.Should().Be(StatusCode.Unavailable, "cut at {0}", at);
            return end is null;
        });

    private async Task EverywhereAsync(bool fromClient, bool reset, Func<EventStoreClient, int, Task<bool>> callAsync)
    {
        var lost = 0;
        for (var (at, well) = (0, false); !well; at++)
        {
            await using var client = Client();
            if (fromClient) Proxy.CutAfterFromClient(at, reset);
            else Proxy.CutAfterFromServer(at, reset);
            well = await callAsync(client, at);
            if (!well) lost++;
            Proxy.Resume();
            var next = await EndAsync(AppendAsync(client, 7), $"the append after the cut at {at}");
            // Cut behind the last byte that mattered: the next call may run into it.
            if (well && next == StatusCode.Unavailable) next = await EndAsync(AppendAsync(client, 8), $"the second append after the cut at {at}");
            next.Should().BeNull("cut at {0}", at);
        }

        lost.Should().BeGreaterThan(10, "calls are longer than that");
    }
}
