using EventSourcedStreams.Infrastructure.Tests.Embedded;

namespace EventSourcedStreams.Infrastructure.Tests.EventLogs;

public sealed class EmbeddedEventLogTests : EventLogContract
{
    private readonly TemporaryFolder folder = new();

    protected override bool CanOpenTwice => false;

    protected override async Task<IByteLog> OpenStoreAsync() => await folder.OpenAsync(Time);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
