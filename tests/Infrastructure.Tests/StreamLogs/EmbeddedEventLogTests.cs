using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure.Tests.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.EventLogs;

public sealed class EmbeddedEventLogTests : StreamLogContract
{
    private readonly TemporaryFolder folder = new();

    protected override bool CanOpenTwice => false;

    private protected override async Task<IEventStore> OpenStoreAsync() => await folder.OpenAsync(Time);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
