using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Client.Tests;

/// <summary>Text that comes from the client.</summary>
public sealed class UploadTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Text_as_it_is_made_becomes_the_streams_text_while_it_is_made()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "upload" });
        var isSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var uploading = client.UploadAsync(created.Id, PiecesAsync());
        var text = "";
        await foreach (var update in client.FollowAsync(created.Id))
        {
            text += update.Text;
            if (text.Length > 0) isSeen.TrySetResult();
        }

        var ended = await uploading;
        (ended.Id, ended.Status, ended.Length, text).Should().Be((created.Id, StreamStatus.Done, 18, "Grüße, 🙂 all."));

        async IAsyncEnumerable<string> PiecesAsync()
        {
            yield return "Grüße, \ud83d";
            yield return "\ude42";
            await isSeen.Task.WaitAsync(Eventually.Limit); // a follower has the beginning before the end is made
            yield return " all.";
        }
    }

    [Fact]
    public async Task Nothing_is_a_text_too()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "upload" });

        (await client.UploadAsync(created.Id, Stream.Null)).Should().Match<TextStream>(ended => ended.Status == StreamStatus.Done && ended.Length == 0);
    }

    [Fact]
    public async Task An_upload_that_is_cut_again_and_again_loses_and_repeats_nothing()
    {
        await using var proxy = TcpProxy.To(server.Port);
        var client = server.Client(proxy.Port);
        var created = await server.Client().CreateAsync(new() { Source = "upload" });
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i} ü🙂 "));
        using var cut = new CuttingStream(Encoding.UTF8.GetBytes(text), at => proxy.Close(reset: at % 2 == 0));

        var ended = await client.UploadAsync(created.Id, cut);

        cut.Cuts.Should().BeGreaterThan(10);
        ended.Status.Should().Be(StreamStatus.Done);
        (await server.Client().GetTextAsync(created.Id)).Text.Should().Be(text);
    }

    [Fact]
    public async Task What_is_no_text_ends_the_stream_and_is_a_problem()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "upload" });

        var refused = await client.Invoking(c => c.UploadAsync(created.Id, new MemoryStream([0x41, 0xFF, 0x42]))).Should().ThrowAsync<TextStreamsException>();

        refused.Which.Problem.Status.Should().BeInRange(400, 409);
        (await client.QueryAsync(created.Id)).Error!.Code.Should().Be("invalid-utf8");
    }

    [Fact]
    public async Task A_stream_that_was_cancelled_takes_no_more_and_says_so()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "upload" });
        await client.CancelAsync(created.Id);

        var refused = await client.Invoking(c => c.UploadAsync(created.Id, new MemoryStream("late"u8.ToArray()))).Should().ThrowAsync<TextStreamsException>();

        (refused.Which.Problem.Code, refused.Which.Problem.StreamStatus).Should().Be(("stream-ended", StreamStatus.Cancelled));
    }

    [Fact]
    public async Task What_the_maker_of_the_text_throws_passes_and_the_stream_stays_open()
    {
        var client = server.Client();
        var created = await client.CreateAsync(new() { Source = "upload" });

        (await client.Invoking(c => c.UploadAsync(created.Id, BrokenAsync())).Should().ThrowAsync<InvalidOperationException>()).WithMessage("The model is away.");

        (await client.QueryAsync(created.Id)).Should().Match<TextStream>(stream => stream.Status == StreamStatus.Streaming && stream.Text == "Half ");
        (await client.CancelAsync(created.Id)).Text.Should().BeNull();

        async IAsyncEnumerable<string> BrokenAsync()
        {
            yield return "Half ";
            await Eventually.UntilAsync("it is durable", async () => (await client.QueryAsync(created.Id)).Length == 5);
            throw new InvalidOperationException("The model is away.");
        }
    }

    /// <summary>Gives a little at a time, and has what is under way cut meanwhile.</summary>
    private sealed class CuttingStream(byte[] bytes, Action<int> cut) : MemoryStream(bytes)
    {
        public int Cuts { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Cuts * Length / 20) cut(Cuts++);
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 20_011)], cancellationToken);
        }
    }
}
