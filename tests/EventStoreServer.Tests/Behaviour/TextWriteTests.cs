using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

/// <summary>What a client writes to the streams of texts has to be what the HTTP API can serve.</summary>
public sealed class TextWriteTests
{
    public static TheoryData<string> NoIds() => new(
        "", "../../etc/x", "..", "a/b", "a\nb", "<script>", "é", "\u202Eabc", "$all", ".hidden", "-a", "a b", new string('x', 129));

    [Theory]
    [MemberData(nameof(NoIds))]
    public async Task A_text_has_an_id_that_can_be_addressed(string id)
    {
        await using var served = await ServedLog.StartAsync();
        foreach (var stream in new[] { $"text-{id}", $"$$text-{id}" })
        {
            using var call = served.Call(EventStoreMethods.Append, Requests.Append(stream, "{}"));
            var trailers = await call.EndAsync();
            trailers["grpc-status"].Should().Be("3", stream);
            Uri.UnescapeDataString(trailers["grpc-message"]).Should().Contain("128 of the characters A-Z", stream);
            using var batch = served.Call(EventStoreMethods.BatchAppend, Requests.Batch(stream, -1, "{}"), Requests.Batch("text-good", -1, "{}"));
            (await batch.NextAsync(BatchAppendResp.Parser))!.Error.Code.Should().Be(Code.InvalidArgument, stream);
            (await batch.NextAsync(BatchAppendResp.Parser)).Should().NotBeNull("the call goes on with the next append");
        }

        (await served.Log.ReadAsync($"text-{id}", 0, true, 1, ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Missing>();
    }

    [Theory]
    [InlineData("text-A-1._~-z")]
    [InlineData("text.requests")]
    [InlineData("orders-a/b é")]
    [InlineData("$$orders-a/b")]
    [InlineData("context-a/b")]
    public async Task All_other_names_are_free(string stream)
    {
        await using var served = await ServedLog.StartAsync();
        using var call = served.Call(EventStoreMethods.Append, Requests.Append(stream, "{}"));
        (await call.NextAsync(AppendResp.Parser))!.ResultCase.Should().Be(AppendResp.ResultOneofCase.Success);
    }

    [Theory]
    [InlineData("text-a", 524_288, true)]
    [InlineData("text-a", 524_289, false)]
    [InlineData("orders-a", 524_289, true)]
    public async Task An_append_to_a_text_is_as_large_as_one_of_ours(string stream, int bytes, bool isTaken)
    {
        await using var served = await ServedLog.StartAsync();
        using var call = served.Call(EventStoreMethods.Append, Requests.Append(stream, new string('x', bytes - 1000), new string('y', 1000)));
        if (isTaken) (await call.NextAsync(AppendResp.Parser))!.ResultCase.Should().Be(AppendResp.ResultOneofCase.Success);
        else (await call.EndAsync())["maximum-append-size"].Should().Be("524288");
        using var batch = served.Call(EventStoreMethods.BatchAppend, Requests.Batch($"{stream}2", -1, new string('x', bytes)));
        var answer = (await batch.NextAsync(BatchAppendResp.Parser))!;
        (answer.Success is not null).Should().Be(isTaken);
        if (!isTaken) answer.Error.Details.Unpack<MaximumAppendSizeExceeded>().MaxAppendSize.Should().Be(524_288u);
    }

    [Fact]
    public async Task An_event_that_says_it_is_ours_obeys_our_rules()
    {
        await using var served = await ServedLog.StartAsync();
        foreach (var (id, labels, isTaken) in new[] { ("a", 32, true), ("b", 33, false), ("other", 1, false), ("a~1", 1, false) })
        {
            var created = Encoded(id, labels);
            var request = Requests.Append($"text-{(id == "other" ? "c" : id)}", "x");
            var proposed = request[1].ProposedMessage;
            proposed.Metadata["type"] = created.Type;
            proposed.Data = ByteString.CopyFrom(created.Data.Span);
            proposed.CustomMetadata = ByteString.CopyFrom(created.Metadata.Span);
            using var call = served.Call(EventStoreMethods.Append, request);
            if (isTaken) (await call.NextAsync(AppendResp.Parser))!.ResultCase.Should().Be(AppendResp.ResultOneofCase.Success);
            else Uri.UnescapeDataString((await call.EndAsync())["grpc-message"]).Should().Contain("StreamCreated");
        }
    }

    [Theory]
    [InlineData("StreamCreated", "application/json", "[[[[", false)]
    [InlineData("StreamCreated", "application/json", "{\"v\":1}", false)]
    [InlineData("StreamCreated", "application/json", "\0", false)]
    [InlineData("OrderPlaced", "application/json", "{\"v\":1,\"hash\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", false)]
    [InlineData("StreamCreated", "application/json", "{\"order\":1}", true)]
    [InlineData("StreamCreated", "application/json", "", true)]
    [InlineData("OrderPlaced", "application/octet-stream", "[[[[", true)]
    [InlineData("OrderPlaced", "application/json", "{\"v\":1}", true)]
    public async Task What_would_be_read_as_damage_is_not_written(string type, string contentType, string metadata, bool isTaken)
    {
        await using var served = await ServedLog.StartAsync();
        var request = Requests.Append("text-a", "{}");
        var proposed = request[1].ProposedMessage;
        (proposed.Metadata["type"], proposed.Metadata["content-type"]) = (type, contentType);
        proposed.CustomMetadata = ByteString.CopyFromUtf8(metadata);

        using var call = served.Call(EventStoreMethods.Append, request);

        if (isTaken) (await call.NextAsync(AppendResp.Parser))!.ResultCase.Should().Be(AppendResp.ResultOneofCase.Success);
        else (await call.EndAsync())["grpc-status"].Should().Be("3");
        foreach (var stored in await StoredAsync(served, "text-a"))
            FluentActions.Invoking(() => StreamCodec.Decode(new StreamId("a"), stored)).Should().Throw<LogDamagedException>().Which.ForeignType.Should().Be(type);
    }

    [Fact]
    public async Task One_of_ours_of_another_content_type_is_not_written()
    {
        await using var served = await ServedLog.StartAsync();
        var created = Encoded("a", 0);
        var request = Requests.Append("text-a", "x");
        var proposed = request[1].ProposedMessage;
        (proposed.Metadata["type"], proposed.Metadata["content-type"]) = (created.Type, "application/octet-stream");
        proposed.Data = ByteString.CopyFrom(created.Data.Span);
        proposed.CustomMetadata = ByteString.CopyFrom(created.Metadata.Span);

        using var call = served.Call(EventStoreMethods.Append, request);

        Uri.UnescapeDataString((await call.EndAsync())["grpc-message"]).Should().Contain("content type");
        (await StoredAsync(served, "text-a")).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_there_already_can_be_read_and_deleted()
    {
        await using var served = await ServedLog.StartAsync();
        await served.Log.AppendAsync("text-a/b", ExpectedRevision.NoStream, Requests.Events(1), default);

        using var tombstone = served.Call(EventStoreMethods.Tombstone, new TombstoneReq
        {
            Options = new TombstoneReq.Types.Options { StreamIdentifier = Requests.Name("text-a/b"), Any = new Empty() },
        });
        (await tombstone.NextAsync(TombstoneResp.Parser)).Should().NotBeNull();
        (await served.Log.ReadAsync("text-a/b", 0, true, 1, ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Tombstoned>();
    }

    private static async Task<IReadOnlyList<StoredEvent>> StoredAsync(ServedLog served, string stream) =>
        await served.Log.ReadAsync(stream, 0, true, 10, ReadFrom.Leader, default) is StoreRead.Page page ? page.Events : [];

    private static NewEvent Encoded(string id, int labels)
    {
        var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        var created = new StreamEvent.StreamCreated(
            new StreamId(id), "upload", null, "text/plain", TimeSpan.FromMinutes(2), null,
            Labels.From(Enumerable.Range(0, labels).Select(i => KeyValuePair.Create($"n{i}", "v"))), Names.None)
        { At = at };
        var context = new EventContext(new NodeRun("n", "r"), 0, "someone");
        return StreamCodec.Encode(new Append(new AppendId(Guid.NewGuid()), new StreamId(id), StreamHead.None, [created], context)).Events[0];
    }
}
