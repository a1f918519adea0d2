using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>The list as commit 86f4349 left it: its shape is still this one's, so it is read on from where it was.</summary>
public sealed class OldCatalogTests : IDisposable
{
    private readonly TempFolder folder = new();

    public OldCatalogTests() => OldFolder.Write86f4349(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_old_list_is_kept_with_its_place_in_the_log()
    {
        await using var catalog = await SqliteCatalog.OpenAsync(folder.File("directory.db"), NullLogger.Instance, default);

        (await catalog.CheckpointAsync(default)).Should().NotBeNull();
        var page = await catalog.ListAsync(new CatalogQuery(null, null, null, Limit: 50), default);
        page.Items.Where(stream => stream.Status.IsEnding()).Select(stream => (stream.Id.Value, stream.Status.Name())).Should().BeEquivalentTo(
        [
            ("done", "done"), ("large", "done"), ("damaged", "done"), ("cancelled", "cancelled"), ("failed", "error"), ("timed-out", "timeout"),
        ]);
    }
}
