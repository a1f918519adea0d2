using System.Net;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Client.Tests;

public sealed class EmptyPagesTests
{
    [Fact]
    public async Task Pages_that_come_empty_at_once_are_not_asked_for_without_a_pause()
    {
        var time = new ManualTime();
        using var proxy = new AnsweringProxy();
        using var http = new HttpClient(proxy) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new TextStreamsClient(http, new() { BaseAddress = new("http://stub/v1/streams"), TimeProvider = time });
        using var over = new CancellationTokenSource();
        await using var updates = client.FollowAsync("a", ct: over.Token).GetAsyncEnumerator();
        var next = updates.MoveNextAsync().AsTask();

        await Eventually.UntilAsync("events have not come, and a page has", () =>
        {
            if (proxy.Pages == 0) time.Advance(TimeSpan.FromSeconds(5));
            return proxy.Pages > 0;
        });
        var asked = proxy.Pages;
        for (var i = 0; i < 100; i++) await Task.Yield();

        proxy.Pages.Should().BeLessThanOrEqualTo(asked + 1, "the clock stands");
        await over.CancelAsync();
        await next.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>Holds events back, and answers what is to wait by itself.</summary>
    private sealed class AnsweringProxy : HttpMessageHandler
    {
        private int pages;

        public int Pages => Volatile.Read(ref pages);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Accept.Single().MediaType == "text/event-stream") await Task.Delay(Timeout.Infinite, cancellationToken);
            Interlocked.Increment(ref pages);
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""{"events":[]}""", Encoding.UTF8, "application/json"),
                RequestMessage = request,
            };
        }
    }
}
