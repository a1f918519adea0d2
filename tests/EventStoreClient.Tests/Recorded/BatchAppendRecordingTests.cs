using EventSourcedStreams.EventStoreProtocol.Streams;
using EventStore.Client.Tests.Stub;
using Grpc.Core;
using Expected = EventSourcedStreams.EventStoreProtocol.Streams.BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase;

namespace EventStore.Client.Tests.Recorded;

public sealed class BatchAppendRecordingTests
{
    // Calls that no use of the client makes, or that have no answer to an append.
    private static readonly string[] NoUseOfTheClient =
        ["missing-type", "missing-type-4s", "no-expected", "no-options", "options-twice", "half-close-empty"];

    public static TheoryData<string, string> Calls() => RecordedCall.Names(
        call => call.Path == StubServer.Streams + "BatchAppend"
            && !NoUseOfTheClient.Contains(call.Name)
            && call.Responses is [{ Decoded.ValueKind: not System.Text.Json.JsonValueKind.Undefined }]
            && call.Requests.Count > 0,
        "02-batch-append", "07-delete", "11-cluster");

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_batched_append_is_sent_as_recorded_and_its_answer_is_understood(string file, string name)
    {
        var recorded = RecordedCall.Load(file, name);
        await using var server = await ServerAsync(recorded);
        await using var client = server.Client();
        var requests = recorded.Requests.Select(request => BatchAppendReq.Parser.ParseFrom(request.Bytes)).ToArray();

        var append = () => AppendAsync(client, requests);

        await OutcomeAsync(append, recorded);
        var sent = server.CallsTo(recorded.Path).Single().Requests.Select(bytes => BatchAppendReq.Parser.ParseFrom(bytes)).ToArray();
        sent.Select(request => request.CorrelationId).Should().AllBeEquivalentTo(sent[0].CorrelationId);
        sent[0].Options.DeadlineOptionCase.Should().Be(BatchAppendReq.Types.Options.DeadlineOptionOneofCase.Deadline);
        Whole(sent).Should().Be(Whole(requests));
    }

    [Fact]
    public async Task Appends_at_the_same_time_share_a_call_and_each_gets_its_own_answer()
    {
        var recorded = RecordedCall.Load("02-batch-append", "pipelined");
        await using var server = await ServerAsync(recorded);
        await using var client = server.Client();

        var appends = recorded.Requests.Select(request => BatchAppendReq.Parser.ParseFrom(request.Bytes))
            .ToDictionary(request => request.Options.StreamIdentifier.StreamName.ToStringUtf8(), request => AppendAsync(client, [request]));

        var conflict = await appends["b-1"].Awaiting(append => append).Should().ThrowAsync<WrongExpectedVersionException>();
        conflict.Which.ActualVersion.Should().Be(5);
        conflict.Which.StreamName.Should().Be("b-1");
        foreach (var answer in recorded.Responses.Select(response => response.Decoded).Where(answer => answer.TryGetProperty("success", out _)))
        {
            var stream = answer.GetProperty("stream_identifier").GetProperty("stream_name").GetBytesFromBase64();
            (await appends[System.Text.Encoding.UTF8.GetString(stream)]).Should().Be(AppendRecordingTests.Success(answer.GetProperty("success")));
        }

        server.CallsTo(recorded.Path).Should().HaveCount(1);
    }

    [Fact]
    public async Task A_conflict_can_be_a_result()
    {
        var recorded = RecordedCall.Load("02-batch-append", "conflict-position");
        await using var server = await ServerAsync(recorded);
        await using var client = server.Client();

        var result = await client.AppendToStreamAsync(
            "b-1", new StreamRevision(77), [], options => options.ThrowOnAppendFailure = false);

        var conflict = result.Should().BeOfType<WrongExpectedVersionResult>().Which;
        conflict.ActualStreamRevision.Should().Be(new StreamRevision(5));
        ((IWriteResult)conflict).NextExpectedStreamRevision.Should().Be(new StreamRevision(77));
    }

    [Fact]
    public async Task A_follower_that_ends_the_call_names_the_leader()
    {
        var recorded = RecordedCall.Load("11-cluster", "batch-follower-requires-leader");
        await using var server = await ServerAsync(recorded);
        await using var client = server.Client();

        var append = () => client.AppendToStreamAsync("cl-1", StreamState.Any, []);

        var leader = (await append.Should().ThrowAsync<NotLeaderException>()).Which.LeaderEndpoint;
        $"{leader.Host}:{leader.Port}".Should().Be("127.0.0.1:2133");
        server.CallsTo(recorded.Path).Single().Headers["requires-leader"].Should().Be("true");
    }

    // Answers go to the append of the same stream: the client chooses ids of its own.
    private static async Task<StubServer> ServerAsync(RecordedCall recorded)
    {
        var server = await StubServer.StartAsync();
        return server.On(recorded.Path, async call =>
        {
            Dictionary<string, BatchAppendReq> appends = [];
            var streams = recorded.Requests.Select(request => BatchAppendReq.Parser.ParseFrom(request.Bytes).Options)
                .OfType<BatchAppendReq.Types.Options>().Select(options => options.StreamIdentifier.StreamName.ToStringUtf8()).Distinct().Count();
            for (var final = 0; final < streams;)
            {
                var request = (await call.ReadAsync(BatchAppendReq.Parser))!;
                if (request.Options is { } options) appends[options.StreamIdentifier.StreamName.ToStringUtf8()] = request;
                if (request.IsFinal) final++;
            }

            await recorded.PlayAsync(call, bytes =>
            {
                var response = BatchAppendResp.Parser.ParseFrom(bytes);
                response.CorrelationId = appends[response.StreamIdentifier.StreamName.ToStringUtf8()].CorrelationId;
                return Google.Protobuf.MessageExtensions.ToByteArray(response);
            });
        });
    }

    private static Task<IWriteResult> AppendAsync(EventStoreClient client, BatchAppendReq[] requests)
    {
        var options = requests[0].Options;
        var stream = options.StreamIdentifier.StreamName.ToStringUtf8();
        var events = requests.SelectMany(request => request.ProposedMessages).Select(message => new EventData(
            Uuid.FromWire(message.Id), message.Metadata["type"], message.Data.Memory, message.CustomMetadata.Memory, message.Metadata["content-type"]));
        return options.ExpectedStreamPositionCase switch
        {
            Expected.StreamPosition => client.AppendToStreamAsync(stream, new StreamRevision(options.StreamPosition), events),
            Expected.NoStream => client.AppendToStreamAsync(stream, StreamState.NoStream, events),
            Expected.Any => client.AppendToStreamAsync(stream, StreamState.Any, events),
            _ => client.AppendToStreamAsync(stream, StreamState.StreamExists, events),
        };
    }

    // How an append is cut into requests is the sender's choice.
    private static BatchAppendReq Whole(BatchAppendReq[] requests)
    {
        requests.Select(request => request.IsFinal).Should().Equal(requests.Select((_, index) => index == requests.Length - 1));
        var whole = new BatchAppendReq { Options = requests[0].Options, IsFinal = true };
        whole.ProposedMessages.Add(requests.SelectMany(request => request.ProposedMessages));
        return whole.Alike();
    }

    private static async Task OutcomeAsync(Func<Task<IWriteResult>> append, RecordedCall recorded)
    {
        var answer = recorded.Responses.Single().Decoded;
        if (answer.TryGetProperty("success", out var success))
        {
            (await append()).Should().Be(AppendRecordingTests.Success(success));
            return;
        }

        var error = answer.GetProperty("error");
        var details = error.GetProperty("details");
        switch (details.GetProperty("type_url").GetString()!.Split('.')[^1])
        {
            case "WrongExpectedVersion":
                var (expected, actual) = recorded.Name switch
                {
                    "conflict-no-stream" => ((long?)null, (long?)5),
                    "conflict-position" => (77, 5),
                    "conflict-position-missing" => (3, null),
                    "conflict-stream-exists-missing" => (null, null),
                    _ => throw new InvalidOperationException($"No test knows {recorded.Name}."),
                };
                var conflict = (await append.Should().ThrowAsync<WrongExpectedVersionException>()).Which;
                (conflict.ExpectedVersion, conflict.ActualVersion).Should().Be((expected, actual));
                break;
            case "StreamDeleted":
                (await append.Should().ThrowAsync<StreamDeletedException>()).Which.Stream.Should().Be("del-4");
                break;
            case "MaximumAppendSizeExceeded":
                (await append.Should().ThrowAsync<MaximumAppendSizeExceededException>()).Which.MaxAppendSize.Should().Be(1_048_576);
                break;
            case "Timeout":
                (await append.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.DeadlineExceeded);
                break;
            case "BadRequest":
                await append.Should().ThrowAsync<InvalidOperationException>().WithMessage("Value cannot be null*");
                break;
            case var other:
                throw new InvalidOperationException($"No test knows {other}.");
        }
    }
}
