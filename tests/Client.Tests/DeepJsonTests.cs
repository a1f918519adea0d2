using System.Net;
using System.Text;

namespace EventSourcedStreams.Client.Tests;

/// <summary>What a server can store a client can read, however deep it nests, and also where a string in it is no
/// text.</summary>
public sealed class DeepJsonTests
{
    public static TheoryData<string> Usages => [new string('[', 255) + new string(']', 255), "{\"note\":\"\\ud83d\"}", "{\"\\ud83d\":1}"];

    [Theory]
    [MemberData(nameof(Usages))]
    public async Task A_usage_is_read_in_queries_lists_watched_lists_and_pages(string usage)
    {
        var stream = $$"""{"id":"a","status":"done","usage":{{usage}}}""";
        using var http = new HttpClient(new Answers(path => path switch
        {
            "/v1/streams" => $$"""{"items":[{{stream}}],"position":"p"}""",
            "/v1/streams/a" => stream,
            _ => $$"""{"events":[{"event":"end","data":{"status":"done","length":0,"usage":{{usage}}},"id":2}],"cursor":2}""",
        }));
        var client = new TextStreamsClient(http, new() { BaseAddress = new("http://stub/v1/streams") });

        (await client.QueryAsync("a")).Usage!.Value.GetRawText().Should().Be(usage);
        (await client.ListPageAsync()).Items.Single().Usage!.Value.GetRawText().Should().Be(usage);
        await using var lists = client.WatchListAsync().GetAsyncEnumerator();
        (await lists.MoveNextAsync()).Should().BeTrue();
        lists.Current.Items.Single().Usage!.Value.GetRawText().Should().Be(usage);

        var options = new TextStreamsClientOptions();
        var pages = new Connection(new ApiSender(() => http, new Uri("http://stub/v1/streams"), options), "a", options, withParts: false).PageAsync(null, default);
        await using var events = pages.GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();
        events.Current.Data!.Usage!.Value.GetRawText().Should().Be(usage);
    }

    private sealed class Answers(Func<string, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(answer(request.RequestUri!.AbsolutePath), Encoding.UTF8, "application/json"),
                RequestMessage = request,
            });
    }
}
