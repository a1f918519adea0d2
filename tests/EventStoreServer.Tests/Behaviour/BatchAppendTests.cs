using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using EventSourcedStreams.EventStoreProtocol.Streams;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer.Tests;

public sealed class BatchAppendTests
{
    [Fact]
    public async Task Sixty_four_appenders_at_once_keep_their_streams_in_order()
    {
        await using var served = await ServedLog.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async appender =>
        {
            var requests = Enumerable.Range(0, 50).Select(i => Requests.Batch($"batch-{appender}", i - 1, $"{i}")).ToArray();
            using var call = served.Call(EventStoreMethods.BatchAppend, requests);
            foreach (var i in Enumerable.Range(0, 50))
                (await call.NextAsync(BatchAppendResp.Parser))!.ResultCase.Should().Be(BatchAppendResp.ResultOneofCase.Success);
        }));

        for (var appender = 0; appender < 64; appender++)
        {
            var read = await served.Log.ReadAsync($"batch-{appender}", 0, forward: true, 100, ReadFrom.Leader, default);
            read.Should().BeOfType<StoreRead.Page>().Which.Events.Select(stored => System.Text.Encoding.UTF8.GetString(stored.Data.Span))
                .Should().Equal(Enumerable.Range(0, 50).Select(i => $"{i}"));
        }
    }

    [Fact]
    public async Task More_appends_than_are_let_on_their_way_at_once_are_all_answered()
    {
        await using var served = await ServedLog.StartAsync();
        using var call = served.Call(
            EventStoreMethods.BatchAppend, [.. Enumerable.Range(0, 2000).Select(i => Requests.Batch("many", i - 1, new string('x', 40_000)))]);

        for (var i = 0; i < 2000; i++) (await call.NextAsync(BatchAppendResp.Parser))!.Success.Should().NotBeNull();
    }

    [Fact]
    public async Task An_append_that_takes_longer_than_its_deadline_is_told_so_and_known_when_it_comes_again()
    {
        using var folder = new TempFolder();
        using var free = new ManualResetEventSlim();
        var time = new ManualTime();
        var options = new SqliteEventStoreOptions { Path = folder.Path, Committed = () => free.Wait(Eventually.Limit) };
        await using var log = await SqliteEventStore.OpenAsync(options, time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default);
        await using var server = await EmbeddedLogServer.StartAsync(
            log, 0, time, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var id = Guid.NewGuid().ToString();

        var armed = time.Armed;
        using var late = RawCall.Start(
            http, server.Port, EventStoreMethods.BatchAppend.Path, Requests.Batch("late", -1, "x", TimeSpan.FromSeconds(10), id));
        await Eventually.UntilAsync("its deadline runs", () => time.Armed > armed);
        time.Advance(TimeSpan.FromSeconds(10));
        (await late.NextAsync(BatchAppendResp.Parser))!.Error.Code.Should().Be(Code.DeadlineExceeded);

        free.Set();
        using var again = RawCall.Start(http, server.Port, EventStoreMethods.BatchAppend.Path, Requests.Batch("late", -1, "x", null, id));
        (await again.NextAsync(BatchAppendResp.Parser))!.Success.CurrentRevision.Should().Be(0);
    }

    [Fact]
    public async Task Appends_that_their_client_gave_up_half_way_make_room_once_their_deadline_has_passed()
    {
        var time = new ManualTime();
        await using var served = await ServedLog.StartAsync(time);
        BatchAppendReq[] begun = [.. Enumerable.Range(0, 63).Select(i => Begun($"given-up-{i}"))];
        BatchAppendReq rest = new() { CorrelationId = begun[0].CorrelationId, IsFinal = true };
        var later = new TaskCompletionSource<byte[][]>();
        using var call = RawCall.Start(
            served.Http, served.Server.Port, EventStoreMethods.BatchAppend.Path,
            [.. begun.Append(Requests.Batch("first", -1, "x")).Select(request => request.ToByteArray())], later: later.Task);
        (await call.NextAsync(BatchAppendResp.Parser))!.Success.Should().NotBeNull("the parts before it have been read");

        time.Advance(TimeSpan.FromSeconds(10));
        later.SetResult([.. new[] { Begun("new"), rest, Requests.Batch("second", -1, "x") }.Select(request => request.ToByteArray())]);

        var answers = new List<BatchAppendResp>();
        for (var i = 0; i < 64; i++) answers.Add((await call.NextAsync(BatchAppendResp.Parser))!);
        answers.Where(answer => answer.Error?.Code == Code.DeadlineExceeded).Select(answer => answer.CorrelationId)
            .Should().BeEquivalentTo(begun.Select(request => request.CorrelationId), "each is answered once");
        answers.Single(answer => answer.Success is not null).StreamIdentifier.Should().Be(Requests.Name("second"));

        static BatchAppendReq Begun(string stream)
        {
            var request = Requests.Batch(stream, -1, "x", TimeSpan.FromSeconds(10));
            request.IsFinal = false;
            return request;
        }
    }

    [Fact]
    public async Task A_last_part_that_comes_behind_its_appends_deadline_is_late()
    {
        var time = new ManualTime();
        await using var served = await ServedLog.StartAsync(time);
        var begun = Requests.Batch("late", -1, "x", TimeSpan.FromSeconds(10));
        begun.IsFinal = false;
        var later = new TaskCompletionSource<byte[][]>();
        using var call = RawCall.Start(
            served.Http, served.Server.Port, EventStoreMethods.BatchAppend.Path,
            [begun.ToByteArray(), Requests.Batch("first", -1, "x").ToByteArray()], later: later.Task);
        (await call.NextAsync(BatchAppendResp.Parser))!.Success.Should().NotBeNull();

        time.Advance(TimeSpan.FromSeconds(10));
        later.SetResult([new BatchAppendReq { CorrelationId = begun.CorrelationId, IsFinal = true }.ToByteArray()]);

        (await call.NextAsync(BatchAppendResp.Parser))!.Error.Code.Should().Be(Code.DeadlineExceeded);
        (await served.Log.ReadAsync("late", 0, forward: true, 1, ReadFrom.Leader, default)).Should().BeOfType<StoreRead.Missing>();
    }

    [Fact]
    public async Task A_client_that_begins_appends_without_end_is_told_so()
    {
        await using var served = await ServedLog.StartAsync();
        var requests = Enumerable.Range(0, 65).Select(i => Requests.Batch($"open-{i}", -1, "x")).ToArray();
        foreach (var request in requests) request.IsFinal = false;
        using var call = served.Call(EventStoreMethods.BatchAppend, requests);

        (await call.EndAsync())["grpc-status"].Should().Be("8");
    }
}
