using System.Text.Json;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventStore.Client.Tests.Stub;
using Grpc.Core;

namespace EventStore.Client.Tests.Recorded;

public sealed class AppendRecordingTests
{
    // Calls that no use of the client makes: ids that are none, metadata of its own making, requests out of order.
    private static readonly string[] NoUseOfTheClient =
    [
        "missing-type", "missing-content-type", "unknown-content-type", "extra-metadata-key", "invalid-uuid", "empty-guid", "no-expected",
        "no-options-first", "no-messages",
    ];

    public static TheoryData<string, string> Calls() => RecordedCall.Names(
        call => call.Path == StubServer.Streams + "Append" && !NoUseOfTheClient.Contains(call.Name),
        "01-append", "07-delete", "08-metadata", "11-cluster");

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_append_is_sent_as_recorded_and_its_answer_is_understood(string file, string name)
    {
        var recorded = RecordedCall.Load(file, name);
        var requests = recorded.Requests.Select(request => AppendReq.Parser.ParseFrom(request.Bytes)).ToArray();
        await using var server = (await StubServer.StartAsync()).WithoutBatchAppend().On(recorded.Path, async call =>
        {
            await call.ReadToEndAsync();
            await recorded.PlayAsync(call, bytes => bytes);
        });
        await using var client = server.Client();

        var append = () => AppendAsync(client, requests);

        await OutcomeAsync(append, recorded, requests[0].Options.StreamIdentifier.StreamName.ToStringUtf8());
        server.CallsTo(recorded.Path).First().Requests.Select(sent => AppendReq.Parser.ParseFrom(sent).Alike())
            .Should().Equal(requests.Select(request => request.Alike()));
    }

    private static Task<IWriteResult> AppendAsync(EventStoreClient client, AppendReq[] requests)
    {
        var options = requests[0].Options;
        var stream = options.StreamIdentifier.StreamName.ToStringUtf8();
        var events = requests.Skip(1).Select(request => request.ProposedMessage).Select(message => new EventData(
            Uuid.FromWire(message.Id), message.Metadata["type"], message.Data.Memory, message.CustomMetadata.Memory, message.Metadata["content-type"]));
        return options.ExpectedStreamRevisionCase switch
        {
            AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.Revision =>
                client.AppendToStreamAsync(stream, new StreamRevision(options.Revision), events),
            AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.NoStream => client.AppendToStreamAsync(stream, StreamState.NoStream, events),
            AppendReq.Types.Options.ExpectedStreamRevisionOneofCase.Any => client.AppendToStreamAsync(stream, StreamState.Any, events),
            _ => client.AppendToStreamAsync(stream, StreamState.StreamExists, events),
        };
    }

    private static async Task OutcomeAsync(Func<Task<IWriteResult>> append, RecordedCall recorded, string stream)
    {
        switch (recorded.Trailer("exception"))
        {
            case "stream-deleted":
                (await append.Should().ThrowAsync<StreamDeletedException>()).Which.Stream.Should().Be(recorded.Trailer("stream-name"));
                return;
            case "maximum-append-size-exceeded":
                (await append.Should().ThrowAsync<MaximumAppendSizeExceededException>()).Which.MaxAppendSize.Should().Be(1_048_576);
                return;
            case "not-leader":
                (await append.Should().ThrowAsync<NotLeaderException>()).Which.LeaderEndpoint.ToString()
                    .Should().EndWith($"{recorded.Trailer("leader-endpoint-host")}:{recorded.Trailer("leader-endpoint-port")}");
                return;
            case { } other:
                throw new InvalidOperationException($"No test knows {other}.");
        }

        if (recorded.Trailer("grpc-status") != "0")
        {
            var failure = (await append.Should().ThrowAsync<RpcException>()).Which;
            failure.StatusCode.ToString("D").Should().Be(recorded.Trailer("grpc-status"));
            failure.Status.Detail.Should().Be(recorded.Trailer("grpc-message"));
            return;
        }

        var answer = recorded.Responses.Single().Decoded;
        if (answer.TryGetProperty("success", out var success))
        {
            (await append()).Should().Be(Success(success));
            return;
        }

        var conflict = (await append.Should().ThrowAsync<WrongExpectedVersionException>()).Which;
        var data = answer.GetProperty("wrong_expected_version");
        conflict.StreamName.Should().Be(stream);
        conflict.ActualVersion.Should().Be(Number(data, "current_revision"));
        conflict.ExpectedVersion.Should().Be(Number(data, "expected_revision"));
    }

    internal static SuccessResult Success(JsonElement success) => new(
        Number(success, "current_revision") is { } revision ? StreamRevision.FromInt64(revision) : StreamRevision.None,
        success.TryGetProperty("position", out var at)
            ? new Position((ulong)(Number(at, "commit_position") ?? 0), (ulong)(Number(at, "prepare_position") ?? 0))
            : default);

    internal static long? Number(JsonElement data, string name) => data.TryGetProperty(name, out var number)
        ? number.ValueKind == JsonValueKind.String ? long.Parse(number.GetString()!) : number.GetInt64()
        : null;
}
