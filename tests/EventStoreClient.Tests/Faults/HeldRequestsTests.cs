using System.Net;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using Google.Protobuf;

namespace EventStore.Client.Tests.Faults;

/// <summary>Appends that are at hand together are one packet. The server takes nothing until a test lets it.</summary>
public sealed class HeldRequestsTests : IAsyncDisposable
{
    private const int FrameHeader = 5;

    private readonly Sent sent = new();
    private readonly BatchCall call;

    public HeldRequestsTests() => call = new BatchCall(
        new NodeConnection(new NodeChannel(new Uri("http://localhost:1"), sent), BatchAppend: true, DeadlineDuration: true),
        new Calls(EventStoreClientSettings.Create("esdb://localhost:1?tls=false")),
        _ => { });

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync();
        call.Node.Channel.Dispose();
    }

    [Fact]
    public async Task Appends_that_come_while_one_is_being_sent_go_out_together()
    {
        Append(1, bytes: 100);
        await sent.Asked.WaitAsync(Eventually.Limit);
        foreach (var number in Enumerable.Range(2, 9)) Append(number, bytes: 100);

        sent.Open();
        await Eventually.UntilAsync("all are sent", () => sent.Messages.Count == 10);

        sent.Flushes.Should().BeLessThanOrEqualTo(2, "the first was being sent, the others were at hand");
        sent.Messages.Should().Equal(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task More_than_is_kept_arrives_whole_and_in_order()
    {
        Append(1, bytes: 100);
        await sent.Asked.WaitAsync(Eventually.Limit);
        int[] sizes = [10, 70_000, 40_000, 40_000, 200_000, 1, 65_000, 600];
        foreach (var (index, bytes) in sizes.Index()) Append(index + 2, bytes);

        sent.Open();
        await Eventually.UntilAsync("all are sent", () => sent.Messages.Count == 9);

        sent.Messages.Should().Equal(Enumerable.Range(1, 9));
    }

    private void Append(int number, int bytes)
    {
        var id = Uuid.FromGuid(Guid.NewGuid());
        var request = new BatchAppendReq
        {
            CorrelationId = id.ToWire(),
            ProposedMessages = { new BatchAppendReq.Types.ProposedMessage { Metadata = { ["number"] = $"{number}" }, Data = ByteString.CopyFrom(new byte[bytes]) } },
            IsFinal = true,
        };
        _ = call.AppendAsync(id, call.Register(id), [request], new Deadline(null), CancellationToken.None);
    }

    /// <summary>Takes a call's requests, and answers none.</summary>
    private sealed class Sent : HttpMessageHandler
    {
        private readonly TaskCompletionSource asked = new();
        private readonly TaskCompletionSource open = new();
        private readonly Body body = new();

        public Task Asked => asked.Task;

        public int Flushes => body.Flushes;

        public IReadOnlyList<int> Messages => body.Messages;

        public void Open() => open.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.SetResult();
            await open.Task;
            await request.Content!.CopyToAsync(body, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    /// <summary>Counts flushes of something, and takes apart what was flushed.</summary>
    private sealed class Body : MemoryStream
    {
        private volatile int[] messages = [];
        private int flushed;

        public int Flushes { get; private set; }

        public IReadOnlyList<int> Messages => messages;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            var bytes = ToArray();
            if (bytes.Length > flushed) Flushes++;
            flushed = bytes.Length;
            List<int> read = [];
            for (var at = 0; at < bytes.Length;)
            {
                var length = (bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4];
                var message = BatchAppendReq.Parser.ParseFrom(bytes.AsSpan(at + FrameHeader, length));
                read.Add(int.Parse(message.ProposedMessages[0].Metadata["number"], System.Globalization.CultureInfo.InvariantCulture));
                at += FrameHeader + length;
            }

            messages = [.. read];
            return Task.CompletedTask;
        }
    }
}
