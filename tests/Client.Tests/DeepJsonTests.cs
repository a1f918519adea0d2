using System.Net;
using System.Text;
using System.Text.Json;

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

    [Fact]
    public async Task An_input_that_was_read_with_comments_is_sent_without_them()
    {
        var sent = "";
        using var http = new HttpClient(new Answers(_ => """{"id":"a","status":"pending"}""", body => sent = body));
        var client = new TextStreamsClient(http, new() { BaseAddress = new("http://stub/v1/streams") });
        using var input = JsonDocument.Parse(
            """{"prompt":"Hi", /* of a file */ "tags":[1,2,],}""", new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

        await client.CreateAsync(new NewTextStream { Source = "demo", Input = input.RootElement });

        using var body = JsonDocument.Parse(sent);
        body.RootElement.GetProperty("input").GetRawText().Should().Be("""{"prompt":"Hi","tags":[1,2]}""");
    }

    private sealed class Answers(Func<string, string> answer, Action<string>? asked = null) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content) asked?.Invoke(await content.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(answer(request.RequestUri!.AbsolutePath), Encoding.UTF8, "application/json"),
                RequestMessage = request,
            };
        }
    }
}
