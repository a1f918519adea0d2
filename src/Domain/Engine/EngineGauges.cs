namespace EventSourcedStreams.Domain;

/// <summary>The values of an engine that are asked for when metrics are read.</summary>
internal static class EngineGauges
{
    /// <returns>To be disposed of with the engine.</returns>
    public static IReadOnlyList<IDisposable> Of(StreamEngine engine, StreamTelemetry telemetry, EndedDeliveries deliveries)
    {
        var metrics = telemetry.Metrics;
        return
        [
            metrics.Live.Feed(() => engine.Drivers.Count),
            metrics.Followers.Feed(() => engine.Drivers.Followers.Count),
            metrics.Unsaved.Feed(() => engine.Drivers.UnsavedBytes),
            metrics.MemoryUsed.Feed(() => engine.Drivers.UnsavedBytes, "unsaved"),
            metrics.MemoryUsed.Feed(() => Math.Max(0, engine.Memory.Held - engine.Drivers.UnsavedBytes), "sending"),
            metrics.MemoryUsed.Feed(() => engine.Memory.Cached, "cached"),
            metrics.MemoryLimit.Feed(() => engine.Memory.Limit),
            metrics.CheckpointLag.Feed(() => telemetry.CatalogLag.Value.TotalSeconds, "directory"),
            .. deliveries.Lags.Select(each => metrics.CheckpointLag.Feed(() => each.Lag().TotalSeconds, each.Handler)),
        ];
    }
}
