namespace EventStore.Client;

/// <summary>One node, and its HTTP/2 connection that all calls to it share.</summary>
internal sealed class NodeChannel(Uri address, HttpMessageHandler handler) : IDisposable
{
    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; } = address;

    public HttpMessageInvoker Http { get; } = new(handler, disposeHandler: true);

    public void Dispose() => Http.Dispose();
}
