using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreDb;
using static EventSourcedStreams.Infrastructure.Tests.Bytes;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

/// <summary>The store's ordinary deletion, which leaves no tombstone.</summary>
public sealed class TruncatedTextTests(EventStoreUnderTest store) : IClassFixture<EventStoreUnderTest>, IAsyncLifetime
{
    private readonly StreamPrefix prefix = StreamPrefix.Parse($"t{Guid.NewGuid():N}-");
    private EventStoreDbStore log = null!;

    private string Text => prefix.Text(new StreamId("a"));

    public async Task InitializeAsync() => log = await store.OpenAsync(prefix);

    public async Task DisposeAsync() => await log.DisposeAsync();

    [Fact]
    public async Task A_text_deleted_without_a_tombstone_is_truncated_and_its_name_is_not_free()
    {
        await log.AppendedAsync(Text, ExpectedRevision.NoStream, Events(3));
        await DeleteAsync(log, Text);

        foreach (var forward in (bool[])[true, false])
        {
            var read = () => log.ReadAsync(Text, forward ? 0 : long.MaxValue, forward);
            (await read.Should().ThrowAsync<LogDamagedException>()).Which.Message.Should().Contain("truncated").And.Contain(Text);
        }

        var create = () => log.AppendAsync(Text, ExpectedRevision.NoStream, Event("again"));
        (await create.Should().ThrowAsync<LogDamagedException>()).Which.Message.Should().Contain("without a tombstone");
        await AssertNothingWasWrittenAsync();
    }

    [Fact]
    public async Task A_text_of_which_nothing_is_left_is_truncated_too()
    {
        await log.AppendedAsync(Text, ExpectedRevision.NoStream, Events(3));
        await HideBeforeAsync(log, Text, 3);

        await log.Awaiting(l => l.ReadAsync(Text)).Should().ThrowAsync<LogDamagedException>();
        await log.Awaiting(l => l.ReadAsync(Text, long.MaxValue, forward: false)).Should().ThrowAsync<LogDamagedException>();
        (await log.ReadAsync(Text, from: 3)).Should().BeOfType<StoreRead.Page>().Which.Events.Should().BeEmpty("behind its end there is nothing either way");
    }

    [Fact]
    public async Task The_log_without_its_name_is_not_named_anew()
    {
        await log.AppendedAsync(prefix.Log, ExpectedRevision.NoStream, Event("{}", "LogNamed"));
        await DeleteAsync(log, prefix.Log);

        await log.Awaiting(l => l.AppendAsync(prefix.Log, ExpectedRevision.NoStream, Event("{}", "LogNamed"))).Should().ThrowAsync<LogDamagedException>();
    }

    [Fact]
    public async Task A_heartbeat_of_a_node_goes_on_where_its_old_ones_were_deleted()
    {
        var node = prefix.Node("node-a");
        await log.AppendedAsync(node, ExpectedRevision.NoStream, Event("{}"));
        await DeleteAsync(log, node);

        (await log.ReadAsync(node)).Should().BeOfType<StoreRead.Missing>();
        (await log.AppendedAsync(node, ExpectedRevision.NoStream, Event("{}"))).Last.Should().Be(1);
    }

    /// <summary>As the clients' <c>DeleteAsync</c> has the server do it.</summary>
    private static Task<AppendOutcome.Appended> DeleteAsync(EventStoreDbStore log, string stream) => HideBeforeAsync(log, stream, long.MaxValue);

    private static Task<AppendOutcome.Appended> HideBeforeAsync(EventStoreDbStore log, string stream, long revision) =>
        log.AppendedAsync("$$" + stream, ExpectedRevision.NoStream, Event($$"""{"$tb":{{revision}}}""", "$metadata"));

    private async Task AssertNothingWasWrittenAsync()
    {
        // The first one only takes back the deletion, and hides what there was.
        for (var i = 0; i < 2; i++) await log.AppendedAsync("$$" + Text, ExpectedRevision.Any, Event("{}", "$metadata"));
        (await log.ReadAllAsync(Text)).Should().HaveCount(3);
    }
}
