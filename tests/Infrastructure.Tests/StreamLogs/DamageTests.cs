using EventSourcedStreams.Domain;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>Whatever becomes of stored events, a reader is told, and never given another text.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const string Name = "text-a";

    private readonly DoctoredEventStore store = new(new InMemoryEventStore(new InMemoryStore(new ManualTime())));
    private readonly Texts text = new(new StreamId("a"), StoredSamples.At);
    private StreamLog log = null!;
    private IReadOnlyList<StoredEvent> written = [];

    public async Task InitializeAsync()
    {
        log = await StreamLog.OpenAsync(store, StreamPrefix.Default, Guid.NewGuid, new ManualTime(), Texts.Node, CancellationToken.None);
        await text.AppendedAsync(log, text.Created);
        await text.AppendedAsync(log, text.Started, text.Chunk("Hello "), text.Chunk("world 😀."));
        await text.AppendedAsync(log, text.Chunk("\n"), text.Completed);
        written = await store.ReadAllAsync(Name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_chain_is_what_anybody_computes_from_its_description()
    {
        var previous = new byte[32];
        var read = await ReadAsync(Revision.None);
        foreach (var (stored, recorded) in written.Zip(read))
        {
            previous = NaiveChain.Next(previous, "a", stored);
            recorded.Hash.ToString().Should().Be(NaiveChain.ToBase64Url(previous));
            Golden.Utf8(stored.Metadata).Should().EndWith($",\"hash\":\"{recorded.Hash}\"}}");
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x20)]
    [InlineData(0x80)]
    public async Task Every_changed_byte_is_found(byte change)
    {
        foreach (var stored in written)
        {
            for (var i = 0; i < stored.Data.Length; i++)
                await FoundAsync(stored.Revision, e => e with { Data = Changed(e.Data, i, change) });
            for (var i = 0; i < stored.Metadata.Length; i++)
                await FoundAsync(stored.Revision, e => e with { Metadata = Changed(e.Metadata, i, change) });
        }
    }

    [Fact]
    public async Task Another_type_content_type_or_id_is_found()
    {
        foreach (var stored in written)
        {
            await FoundAsync(stored.Revision, e => e with { Type = "StreamFailed" });
            await FoundAsync(stored.Revision, e => e with { Type = "" });
            await FoundAsync(stored.Revision, e => e with { ContentType = "application/json; charset=utf-8" });
            await FoundAsync(stored.Revision, e => e with { Id = new EventId(Guid.NewGuid()) });
        }
    }

    [Fact]
    public async Task A_dropped_event_is_found()
    {
        for (var dropped = 0; dropped < 5; dropped++)
        {
            await FoundAsync(dropped, _ => null);
            store.Doctor = e => e.Revision == dropped ? null : e;
            (await log.Awaiting(l => FollowAsync(6)).Should().ThrowAsync<LogDamagedException>()).Which.Revision.Should().Be(dropped);
        }
    }

    [Fact]
    public async Task A_dropped_event_is_found_also_where_those_after_it_move_up()
    {
        for (var dropped = 0L; dropped < 5; dropped++)
        {
            store.Doctor = e => e.Revision < dropped ? e
                : e.Revision < 5 ? written[(int)e.Revision + 1] with { Revision = e.Revision }
                : null;
            await DamagedAsync(dropped, Revision.None);
        }
    }

    [Fact]
    public async Task Swapped_events_are_found()
    {
        for (var i = 0; i < 6; i++)
        {
            for (var j = i + 1; j < 6; j++)
            {
                store.Doctor = e => e.Revision == i ? written[j] with { Revision = i }
                    : e.Revision == j ? written[i] with { Revision = j }
                    : e;
                await DamagedAsync(i, Revision.None);
                store.Doctor = e => e.Revision == i ? written[j] : e.Revision == j ? written[i] : e;
                await DamagedAsync(i, Revision.None);
            }
        }
    }

    [Fact]
    public async Task A_text_under_another_name_is_found()
    {
        await store.AppendedAsync("text-b", ExpectedRevision.NoStream,
            [.. written.Select(e => new NewEvent(e.Id, e.Type, e.ContentType, e.Data, e.Metadata))]);

        var read = () => log.ReadAsync(new StreamId("b"), Revision.None, ReadFrom.Leader, CancellationToken.None).ToListAsync().AsTask();

        (await read.Should().ThrowAsync<LogDamagedException>()).Which.Stream.Should().Be("text-b");
    }

    [Fact]
    public async Task A_read_after_a_revision_is_anchored_on_its_hash()
    {
        for (var after = 0; after < 5; after++)
        {
            store.Doctor = e => e.Revision == after ? e with { Metadata = written[(after + 1) % 6].Metadata } : e;
            await DamagedAsync(after + 1, Revision.From(after));
            store.Doctor = e => e.Revision == after ? null : e;
            await DamagedAsync(after, Revision.From(after));
            store.Doctor = e => e.Revision == after ? e with { Metadata = "{}"u8.ToArray() } : e;
            await DamagedAsync(after, Revision.From(after));
        }
    }

    [Theory]
    [InlineData("""{"v":2,"moved":true}""")]
    [InlineData("""{"v":2,"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    public async Task What_a_later_version_wrote_is_called_that(string metadata)
    {
        store.Doctor = e => e.Revision == 3 ? e with { Metadata = System.Text.Encoding.UTF8.GetBytes(metadata) } : e;

        (await this.Awaiting(t => t.ReadAsync(Revision.None)).Should().ThrowAsync<LogDamagedException>())
            .Which.Message.Should().Contain("revision 3").And.Contain("written by a newer version?");
    }

    [Fact]
    public async Task What_was_right_before_the_damage_is_given_and_then_the_damage()
    {
        store.Doctor = e => e.Revision == 3 ? e with { Data = Changed(e.Data, 30, 0x01) } : e;

        var read = log.ReadAsync(text.Id, Revision.None, ReadFrom.Leader, CancellationToken.None).GetAsyncEnumerator();
        (await read.TakeAsync(3)).Should().HaveCount(3);
        (await read.Awaiting(r => r.TakeAsync(1)).Should().ThrowAsync<LogDamagedException>())
            .Which.Message.Should().StartWith("Stream text-a, revision 3: ");
    }

    [Fact]
    public async Task A_gap_of_a_stream_that_is_just_being_deleted_is_no_damage()
    {
        store.Doctor = e =>
        {
            if (e.Revision != 2) return e;
            store.TombstoneAsync(Name, ExpectedRevision.Any, e.Id, default, CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();
            return null;
        };

        await this.Awaiting(t => t.ReadAsync(Revision.None)).Should().ThrowAsync<StreamGoneException>();
    }

    private async Task FoundAsync(long revision, Func<StoredEvent, StoredEvent?> doctor)
    {
        store.Doctor = e => e.Revision == revision ? doctor(e) : e;
        await DamagedAsync(revision, Revision.None);
    }

    private async Task DamagedAsync(long revision, Revision after)
    {
        try
        {
            await ReadAsync(after);
        }
        catch (LogDamagedException e)
        {
            (e.Stream, e.Revision).Should().Be((Name, revision), "{0}", e.Message);
            return;
        }

        Assert.Fail($"It went unnoticed at revision {revision}.");
    }

    private async Task<List<RecordedEvent>> ReadAsync(Revision after) =>
        await log.ReadAsync(text.Id, after, ReadFrom.Leader, CancellationToken.None).ToListAsync();

    private async Task FollowAsync(int count)
    {
        await using var follower = log.FollowAsync(text.Id, Revision.None, CancellationToken.None).GetAsyncEnumerator();
        await follower.TakeAsync(count);
    }

    private static byte[] Changed(ReadOnlyMemory<byte> bytes, int at, byte change)
    {
        var changed = bytes.ToArray();
        changed[at] ^= change;
        return changed;
    }
}
