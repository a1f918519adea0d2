namespace EventSourcedStreams.Domain;

/// <remarks>Texts of which nothing is left to be read, and which are no free ids.</remarks>
internal sealed partial class StreamLog
{
    /// <summary>To be asked where nothing is there.</summary>
    /// <exception cref="LogDamagedException">Something was, and is hidden.</exception>
    private async Task ThrowIfTruncatedAsync(StreamId stream, CancellationToken ct)
    {
        var name = prefix.Text(stream);
        if (store.TellsTruncationOf(name)) return;
        var read = await ReadAsync(StreamLimitsJson.Prefix + name, long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct);
        if (read is StoreRead.Page { Events: [var metadata] } && TruncatedStream.IsHiddenBy(metadata)) throw TruncatedStream.Found(name);
    }
}
