namespace EventSourcedStreams.Domain;

/// <summary>Tells a stream's source to stop.</summary>
/// <param name="onFault">Told of what the source itself hung on its token, and threw.</param>
internal sealed class SourceStop(StreamId stream, Action<StreamId, Exception> onFault) : IDisposable
{
    private readonly CancellationTokenSource source = new();

    public CancellationToken Token => source.Token;

    /// <summary>The token has fired when this returns. What hangs on it runs on another thread: it may take as long as
    /// it likes.</summary>
    public void Fire()
    {
        try
        {
            _ = ReportFaultAsync(source.CancelAsync());
        }
        catch (ObjectDisposedException)
        {
            // The stream ended in the same moment, and its source with it.
        }
    }

    public void Dispose() => source.Dispose();

    private async Task ReportFaultAsync(Task stopped)
    {
        try
        {
            await stopped;
        }
        catch (AggregateException e)
        {
            onFault(stream, e);
        }
    }
}
