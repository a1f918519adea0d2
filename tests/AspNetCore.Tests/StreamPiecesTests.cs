using System.Net;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests;

public sealed class StreamPiecesTests : IAsyncLifetime
{
    private TextStreamsApp app = null!;
    private NearNodeStore store = null!;

    public async Task InitializeAsync() => app = await TextStreamsApp.StartAsync(new() { Wrap = inner => store = new NearNodeStore(inner) });

    public async Task DisposeAsync()
    {
        store.Release();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_near_node_that_lags_never_makes_half_a_text_a_whole_one(long seen)
    {
        var id = await app.CreateDoneAsync("One ", "two ", "three");
        store.NearSees = seen;

        for (var i = 0; i < 2; i++)
        {
            using var response = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
            using var reader = await EventStreamReader.OpenAsync(response);
            var all = await reader.ToEndAsync();
            string.Concat(all.Where(e => e.Name == "text").Select(e => e.Text)).Should().Be("One two three");
            all[^1].Name.Should().Be("end");
        }

        (await app.Client.GetStringAsync($"/v1/streams/{id}/text")).Should().Be("One two three");
        (await app.GetAsync(id)).GetProperty("status").GetString().Should().Be("done");
    }

    [Fact]
    public async Task Another_text_than_the_ending_is_of_is_no_answer()
    {
        var last = await LastAsync(await app.CreateDoneAsync("One ", "two"));
        await using var pieces = Pieces();

        var other = last with { Hash = new ChainHash(new byte[ChainHash.Bytes]) };

        await pieces.Awaiting(p => WholeAsync(p, other)).Should().ThrowAsync<LogUnavailableException>();
        (await WholeAsync(pieces, last)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_text_is_kept_whole_once_it_was_read_to_the_very_ending_that_the_log_tells()
    {
        var last = await LastAsync(await app.CreateDoneAsync("One ", "two"));
        var first = new PieceKey(last.Stream, PieceKind.Events, StreamHead.None);
        await using var pieces = Pieces();
        pieces.Kept(first, last.Head).Should().BeNull("nothing was read yet");
        var whole = await WholeAsync(pieces, last);

        var kept = pieces.Kept(first, last.Head)!;

        kept.All.SelectMany(piece => piece.Bytes.ToArray()).Should().Equal(whole);
        kept.Bytes.Should().Be(whole.Length);
        pieces.Kept(first, last.Head with { Hash = new ChainHash(new byte[ChainHash.Bytes]) }).Should().BeNull("it is another text's ending");
    }

    [Fact]
    public async Task A_reading_goes_on_for_those_who_wait_and_stops_when_the_last_has_left()
    {
        var last = await LastAsync(await app.CreateDoneAsync("One"));
        await using var pieces = Pieces();
        using var leaves = new CancellationTokenSource();
        store.HoldReads();
        var first = FirstAsync(pieces, last, leaves.Token);
        var second = FirstAsync(pieces, last, leaves.Token);
        var stays = FirstAsync(pieces, last, default);
        await Eventually.UntilAsync("one reading is under way for all", () => store.Reading == 1);

        await leaves.CancelAsync();
        foreach (var left in new[] { first, second }) await left.Awaiting(l => l).Should().ThrowAsync<OperationCanceledException>();
        pieces.Readings.Should().Be(1);
        store.Release();
        (await stays).Should().NotBeNull();

        var another = await LastAsync(await app.CreateDoneAsync("Two"));
        using var alone = new CancellationTokenSource();
        store.HoldReads();
        var waiting = FirstAsync(pieces, another, alone.Token);
        await Eventually.UntilAsync("its reading is under way", () => store.Reading == 1);
        await alone.CancelAsync();
        await waiting.Awaiting(w => w).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.UntilAsync("no reading is left without a reader", () => store.Reading == 0 && pieces.Readings == 0);
    }

    [Fact]
    public async Task Of_many_texts_asked_for_at_once_only_some_are_read_at_one_time()
    {
        var lasts = new List<RecordedEvent>();
        for (var i = 0; i < 30; i++) lasts.Add(await LastAsync(await app.CreateDoneAsync($"Text {i}")));
        await using var pieces = Pieces();
        store.HoldReads();

        var all = lasts.Select(last => FirstAsync(pieces, last, default)).ToList();
        await Eventually.UntilAsync("as many as may are read", () => store.Reading == 8);
        pieces.Readings.Should().Be(30);
        store.Reading.Should().Be(8);
        store.Release();

        (await Task.WhenAll(all)).Should().OnlyContain(piece => piece.IsOver);
    }

    [Fact]
    public async Task When_the_engine_stops_those_who_wait_are_told_and_nothing_reads_its_log_any_more()
    {
        var last = await LastAsync(await app.CreateDoneAsync("One"));
        var pieces = Pieces();
        store.HoldReads();
        var waiting = FirstAsync(pieces, last, default);
        await Eventually.UntilAsync("it is being read", () => store.Reading == 1);

        await pieces.DisposeAsync();

        store.Reading.Should().Be(0);
        await waiting.Awaiting(w => w).Should().ThrowAsync<LogUnavailableException>();
        await pieces.Awaiting(p => FirstAsync(p, last, default)).Should().ThrowAsync<LogUnavailableException>();
    }

    [Fact]
    public async Task A_request_to_follow_that_comes_when_the_engine_has_been_taken_away_ends()
    {
        var id = await app.CreateAsync();
        await app.Access.ClearAsync();

        using var response = await app.Client.GetAsync($"/v1/streams/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = await EventStreamReader.OpenAsync(response);
        var end = await reader.ToEndAsync().WaitAsync(Eventually.Limit);

        response.StatusCode.Should().Be(HttpStatusCode.OK, "an EventSource comes again after no other answer");
        end.Should().BeEmpty();
    }

    private StreamPieces Pieces() => new(app.Engine.Log, app.Engine.Memory);

    private static Task<TextPiece> FirstAsync(StreamPieces pieces, RecordedEvent last, CancellationToken ct) =>
        pieces.FindAsync(new(last.Stream, PieceKind.Events, StreamHead.None), 512, fromLeader: false, ct).AsTask();

    private static async Task<byte[]> WholeAsync(StreamPieces pieces, RecordedEvent last)
    {
        var all = new List<byte>();
        await foreach (var piece in pieces.ReadAsync(new(last.Stream, PieceKind.Events, StreamHead.None), last.Head, 512, default))
            all.AddRange(piece.Bytes.Span);
        return [.. all];
    }

    private async Task<RecordedEvent> LastAsync(string id) => (await app.Engine.Log.ReadLastAsync(new StreamId(id), default))!;
}
