using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;
using Grpc.Core;
using Options = EventSourcedStreams.EventStoreProtocol.Streams.ReadReq.Types.Options;

namespace EventStore.Client.Tests.Recorded;

public sealed class ReadRecordingTests
{
    // Calls that no use of the client makes. It follows from the end of nothing.
    private static readonly string[] NoUseOfTheClient =
        ["count-0", "no-filter-unset", "uuid-unset", "backward-sub", "filter-mult-0", "filter-max-0", "filter-count", "forward-bad-position"];

    public static TheoryData<string, string> Calls() => RecordedCall.Names(
        call => call.Path == StubServer.Streams + "Read" && !NoUseOfTheClient.Contains(call.Name) && !IsFromEnd(call),
        "03-read-stream", "03b-links", "04-read-all", "05-subscribe-stream", "06-subscribe-all", "07-delete", "08-metadata", "11-cluster");

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_read_is_sent_as_recorded_and_says_what_was_answered(string file, string name)
    {
        var recorded = RecordedCall.Load(file, name);
        var request = ReadReq.Parser.ParseFrom(recorded.Requests.Single().Bytes);
        await using var server = (await StubServer.StartAsync()).On(recorded.Path, async call =>
        {
            await call.ReadToEndAsync();
            await recorded.PlayAsync(call, bytes => bytes);
        });
        await using var client = server.Client();

        var messages = Messages(client, request.Options);

        var subscribed = request.Options.CountOptionCase == Options.CountOptionOneofCase.Subscription;
        await HeardAsync(messages, recorded, stream: request.Options.Stream is not null && !subscribed);
        var sent = server.CallsTo(recorded.Path).Single();
        ReadReq.Parser.ParseFrom(sent.Requests.Single()).Alike().Should().Be(request.Alike());
        if (recorded.Trailer("grpc-status") is null)
        {
            await sent.Ended.WaitAsync(Eventually.Limit);
            sent.Reset.Should().BeTrue("a reader that stops ends the call");
        }
    }

    private static bool IsFromEnd(RecordedCall call) => ReadReq.Parser.ParseFrom(call.Requests.Single().Bytes).Options is
    {
        CountOptionCase: Options.CountOptionOneofCase.Subscription,
    } and ({ All.AllOptionCase: Options.Types.AllOptions.AllOptionOneofCase.End }
        or { Stream.RevisionOptionCase: Options.Types.StreamOptions.RevisionOptionOneofCase.End });

    private static IAsyncEnumerable<StreamMessage> Messages(EventStoreClient client, Options options)
    {
        var direction = options.ReadDirection == Options.Types.ReadDirection.Forwards ? Direction.Forwards : Direction.Backwards;
        var stream = options.Stream?.StreamIdentifier.StreamName.ToStringUtf8();
        var filter = Filter(options.Filter);
        if (options.CountOptionCase == Options.CountOptionOneofCase.Subscription)
        {
            return stream is null
                ? client.SubscribeToAll(
                    options.All.AllOptionCase switch
                    {
                        Options.Types.AllOptions.AllOptionOneofCase.Start => FromAll.Start,
                        _ => FromAll.After(At(options.All.Position)),
                    },
                    options.ResolveLinks,
                    filter is null ? null : new SubscriptionFilterOptions(filter, options.Filter.CheckpointIntervalMultiplier)).Messages
                : client.SubscribeToStream(
                    stream,
                    options.Stream!.RevisionOptionCase switch
                    {
                        Options.Types.StreamOptions.RevisionOptionOneofCase.Start => FromStream.Start,
                        _ => FromStream.After(new StreamPosition(options.Stream.Revision)),
                    },
                    options.ResolveLinks).Messages;
        }

        return stream is null
            ? client.ReadAllAsync(
                direction,
                options.All.AllOptionCase switch
                {
                    Options.Types.AllOptions.AllOptionOneofCase.Start => Position.Start,
                    Options.Types.AllOptions.AllOptionOneofCase.End => Position.End,
                    _ => At(options.All.Position),
                },
                filter,
                (long)options.Count,
                options.ResolveLinks).Messages
            : client.ReadStreamAsync(
                direction,
                stream,
                options.Stream!.RevisionOptionCase switch
                {
                    Options.Types.StreamOptions.RevisionOptionOneofCase.Start => StreamPosition.Start,
                    Options.Types.StreamOptions.RevisionOptionOneofCase.End => StreamPosition.End,
                    _ => new StreamPosition(options.Stream.Revision),
                },
                (long)options.Count,
                options.ResolveLinks).Messages;
    }

    private static async Task HeardAsync(IAsyncEnumerable<StreamMessage> messages, RecordedCall recorded, bool stream)
    {
        using var late = new CancellationTokenSource(Eventually.Limit);
        await using var heard = messages.GetAsyncEnumerator(late.Token);
        var first = true;
        foreach (var response in recorded.Responses)
        {
            if (first && stream && !response.Decoded.TryGetProperty("stream_not_found", out _))
            {
                (await heard.MoveNextAsync()).Should().BeTrue();
                heard.Current.Should().BeOfType<StreamMessage.Ok>();
            }

            first = false;
            (await heard.MoveNextAsync()).Should().BeTrue();
            ReadMessage.Check(heard.Current, response.Decoded);
        }

        if (recorded.Trailer("grpc-status") is not { } status) return;
        var next = async () => await heard.MoveNextAsync();
        if (status == "0")
            (await next()).Should().BeFalse();
        else if (recorded.Trailer("exception") == "stream-deleted")
            (await next.Should().ThrowAsync<StreamDeletedException>()).Which.Stream.Should().Be(recorded.Trailer("stream-name"));
        else if (recorded.Trailer("exception") == "not-leader")
            (await next.Should().ThrowAsync<NotLeaderException>()).Which.LeaderEndpoint.Port.Should().Be(2133);
        else
            (await next.Should().ThrowAsync<RpcException>()).Which.StatusCode.ToString("D").Should().Be(status);
    }

    private static IEventFilter? Filter(Options.Types.FilterOptions? filter) => filter switch
    {
        null => null,
        { StreamIdentifier.Prefix.Count: > 0 } => StreamFilter.Prefix(filter.Max, [.. filter.StreamIdentifier.Prefix]),
        { StreamIdentifier: not null } => new EventFilter(true, [], filter.StreamIdentifier.Regex, filter.Max),
        { EventType.Prefix.Count: > 0 } => new EventFilter(false, [.. filter.EventType.Prefix], "", filter.Max),
        _ => EventTypeFilter.RegularExpression(filter.EventType.Regex, filter.Max),
    };

    private static Position At(Options.Types.Position at) => new(at.CommitPosition, at.PreparePosition);
}
