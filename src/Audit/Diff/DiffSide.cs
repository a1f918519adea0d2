using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Diff;

/// <summary>One of the two that are compared.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Stream">Null for the whole store.</param>
internal sealed record DiffSide(string Name, Store Store, StreamId? Stream) : IAsyncDisposable
{
    /// <param name="text">A stream's id in the given store; <c>store#ID</c>; or a store: a folder, a log or export that
    /// is there, or a connection string.</param>
    /// <exception cref="AuditException">It is nothing that could be compared.</exception>
    public static async Task<DiffSide> OpenAsync(
        string text, StoreLocation store, StreamPrefix prefix, AuditContext context, CancellationToken ct)
    {
        if (IsStore(text)) return new(text, await OpenStoreAsync(text, prefix, context, ct), null);
        if (text.LastIndexOf('#') is > 0 and var hash)
            return new(text, await OpenStoreAsync(text[..hash], prefix, context, ct), StreamArgument.Parse(text[(hash + 1)..]));
        var id = StreamArgument.Parse(text);
        return new(text, await Store.OpenAsync(store, prefix, context, ct), id);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static bool IsStore(string text) =>
        Directory.Exists(text) || File.Exists(text)
        || (text.Contains("://", StringComparison.Ordinal) && !text.Contains('#', StringComparison.Ordinal));

    private static Task<Store> OpenStoreAsync(string text, StreamPrefix prefix, AuditContext context, CancellationToken ct) =>
        Store.OpenAsync(StoreLocation.Parse(text), prefix, context, ct);
}
