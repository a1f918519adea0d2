using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>A log that does not say how it ended.</summary>
public sealed class UnansweredTests
{
    private readonly DoctoredEventStore store = new(new InMemoryEventStore(new InMemoryStore(new ManualTime())));
    private readonly Texts text = new(new StreamId("a"), StoredSamples.At);

    [Fact]
    public async Task An_append_without_an_answer_is_unknown_and_the_same_again_finds_out()
    {
        var log = await OpenAsync();
        var append = text.Append(text.Created);
        store.Answer = _ => new AppendOutcome.Unknown("the connection broke", null);
        (await log.TryAppendAsync(append, CancellationToken.None)).Should().Be(new AppendOutcome.Unknown("the connection broke", null));
        store.Answer = _ => throw new LogUnavailableException("no leader");
        (await log.TryAppendAsync(append, CancellationToken.None)).Should().BeOfType<AppendOutcome.Unknown>().Which.Why.Should().Be("no leader");

        store.Answer = answer => answer;
        (await log.TryAppendAsync(append, CancellationToken.None)).Should().BeOfType<AppendOutcome.Appended>();
        (await log.ReadAsync(text.Id, Revision.None, ReadFrom.Leader, CancellationToken.None).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_log_that_may_have_been_named_is_opened_again()
    {
        store.Answer = _ => new AppendOutcome.Unknown("the connection broke", null);
        await this.Awaiting(t => t.OpenAsync()).Should().ThrowAsync<LogUnavailableException>();

        var logId = (await OpenAsync()).LogId;
        (await OpenAsync()).LogId.Should().Be(logId, "it had been named after all");
    }

    [Fact]
    public async Task A_stream_that_goes_away_between_two_pages_is_damaged()
    {
        var log = await OpenAsync();
        await text.AppendedAsync(log, [text.Created, text.Started, .. Enumerable.Range(0, 300).Select(i => text.Chunk("x"))]);
        var read = log.ReadAsync(text.Id, Revision.None, ReadFrom.Leader, CancellationToken.None).GetAsyncEnumerator();
        await read.TakeAsync(1);
        store.Read = () => new StoreRead.Missing();

        (await read.Awaiting(r => r.TakeAsync(301)).Should().ThrowAsync<LogDamagedException>()).Which.Stream.Should().Be("text-a");
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_says_so()
    {
        var log = await OpenAsync();
        store.Read = () => throw new LogUnavailableException("no leader");

        await log.Awaiting(l => l.ReadLastAsync(text.Id, CancellationToken.None)).Should().ThrowAsync<LogUnavailableException>();
        await log.Awaiting(l => l.ReadHeartbeatAsync("a", CancellationToken.None)).Should().ThrowAsync<LogUnavailableException>();
    }

    private Task<StreamLog> OpenAsync() =>
        StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, new ManualTime(), Texts.Node, CancellationToken.None);
}
