using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Stores;

namespace EventSourcedStreams.Audit.Report;

/// <summary>Where a report comes from.</summary>
/// <param name="LogId">Null where the log has no identity.</param>
internal sealed record ReportOrigin(string Store, string Prefix, string? LogId, string Version, DateTimeOffset MadeAt)
{
    public static async Task<ReportOrigin> OfAsync(Store store, TimeProvider time, CancellationToken ct) => new(
        store.Location.Name, store.Prefix.Texts, await LogIdAsync(store, ct), ToolVersion.Text, time.GetUtcNow());

    /// <summary>A report of a stream does not fail for what is wrong elsewhere in the log.</summary>
    private static async Task<string?> LogIdAsync(Store store, CancellationToken ct)
    {
        try
        {
            return await store.LogIdAsync(ct);
        }
        catch (LogDamagedException e)
        {
            return $"damaged ({e.What})";
        }
    }
}
