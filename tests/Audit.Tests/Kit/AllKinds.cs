using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A folder that is only read, with <see cref="KindsOfStreams"/>, for all tests of a class.</summary>
public sealed class AllKinds : IAsyncLifetime
{
    internal TempFolder Folder { get; } = new();

    public async Task InitializeAsync()
    {
        await KindsOfStreams.WriteAllAsync(Folder);
        KindsOfStreams.Break(Folder);
    }

    public Task DisposeAsync()
    {
        Folder.Dispose();
        return Task.CompletedTask;
    }

    internal Task<AuditRun> RunAsync(params string[] args) => AuditRun.OfAsync([.. args, "--store", Folder.Path]);
}
