using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.Embedded;

public sealed class EmbeddedLogTests : ByteLogContract
{
    private readonly TemporaryFolder folder = new();

    protected override bool CanOpenTwice => false;

    protected override async Task<IByteLog> OpenAsync() => await folder.OpenAsync(Time);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A folder for one test's log.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("log-").FullName;

    public string Database => System.IO.Path.Combine(Path, "log.db");

    public EmbeddedLogOptions Options => new() { Path = Path };

    public Task<EmbeddedLog> OpenAsync(TimeProvider? time = null, Func<EmbeddedLogOptions, EmbeddedLogOptions>? with = null) =>
        EmbeddedLog.OpenAsync((with ?? (o => o))(Options), time ?? new ManualTime(), NullLogger.Instance, CancellationToken.None);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
