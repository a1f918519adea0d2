using System.Net;

namespace EventStore.Client;

/// <summary>Lets a call that appends be made once. A call that the server refuses is made again by the handler below,
/// and the server would wait for the appends that went with the first.</summary>
internal sealed class AppendsOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Of <c>Append</c> and <c>BatchAppend</c>, whose requests come piece by piece.</summary>
    private const string Append = "Append";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && request.RequestUri?.AbsolutePath.EndsWith(Append, StringComparison.Ordinal) == true)
            request.Content = new OnceContent(content, HeldRequests.OfNextCall);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class OnceContent : HttpContent
    {
        private readonly HttpContent content;
        private readonly HeldRequests? held;
        private bool isSent;

        public OnceContent(HttpContent content, HeldRequests? held)
        {
            (this.content, this.held) = (content, held);
            foreach (var (name, values) in content.Headers) Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref isSent, true)
                ? Task.FromException(new IOException("The server refused the call."))
                : content.CopyToAsync(held is null ? stream : new HoldingStream(stream, held), context, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) content.Dispose();
            base.Dispose(disposing);
        }
    }
}
