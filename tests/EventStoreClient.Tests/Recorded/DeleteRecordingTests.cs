using EventSourcedStreams.EventStoreProtocol.Streams;
using EventStore.Client.Tests.Stub;
using Google.Protobuf;

namespace EventStore.Client.Tests.Recorded;

public sealed class DeleteRecordingTests
{
    public static TheoryData<string, string> Calls() => RecordedCall.Names(
        call => call.Path == StubServer.Streams + "Tombstone", "07-delete");

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_deletion_is_sent_as_recorded_and_its_answer_is_understood(string file, string name)
    {
        var recorded = RecordedCall.Load(file, name);
        await using var server = (await StubServer.StartAsync()).On(recorded.Path, async call =>
        {
            await call.ReadToEndAsync();
            await recorded.PlayAsync(call, bytes => bytes);
        });
        await using var client = server.Client();
        var request = TombstoneReq.Parser.ParseFrom(recorded.Requests.Single().Bytes);

        var delete = () => TombstoneAsync(client, request.Options);

        switch (recorded.Trailer("exception"))
        {
            case "wrong-expected-version":
                var conflict = (await delete.Should().ThrowAsync<WrongExpectedVersionException>()).Which;
                conflict.StreamName.Should().Be(recorded.Trailer("stream-name"));
                conflict.ExpectedVersion.Should().Be(Version(recorded.Trailer("expected-version")));
                conflict.ActualVersion.Should().Be(Version(recorded.Trailer("actual-version")));
                break;
            case "stream-deleted":
                (await delete.Should().ThrowAsync<StreamDeletedException>()).Which.Stream.Should().Be(recorded.Trailer("stream-name"));
                break;
            default:
                var position = recorded.Responses.Single().Decoded.GetProperty("position").GetProperty("commit_position").GetString();
                (await delete()).LogPosition.CommitPosition.ToString().Should().Be(position);
                break;
        }

        server.CallsTo(recorded.Path).Single().Requests.Should().ContainSingle().Which.Should().Equal(request.ToByteArray());
    }

    private static Task<DeleteResult> TombstoneAsync(EventStoreClient client, TombstoneReq.Types.Options options)
    {
        var stream = options.StreamIdentifier.StreamName.ToStringUtf8();
        return options.HasRevision
            ? client.TombstoneAsync(stream, new StreamRevision(options.Revision))
            : client.TombstoneAsync(
                stream, options.NoStream is not null ? StreamState.NoStream : options.Any is not null ? StreamState.Any : StreamState.StreamExists);
    }

    private static long? Version(string? trailer) => long.Parse(trailer!) is >= 0 and var version ? version : null;
}
