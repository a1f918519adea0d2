using System.Net;
using System.Text;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Client.Tests;

public sealed class ListWatchTests
{
    [Fact]
    public async Task A_watched_list_goes_on_where_it_was_after_faults_and_early_answers()
    {
        var time = new ManualTime();
        using var answers = new ScriptedAnswers(
            () => List("p1", "a"),
            () => throw new HttpRequestException("cut"),
            () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") },
            () => List("p1", "a"), // too early, and nothing new
            () => List("p2", "a", "b"));
        using var http = new HttpClient(answers) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new TextStreamsClient(http, new() { BaseAddress = new("http://stub/v1/streams"), TimeProvider = time });
        await using var lists = client.WatchListAsync().GetAsyncEnumerator();
        (await lists.MoveNextAsync()).Should().BeTrue();
        lists.Current.Items.Select(each => each.Id).Should().Equal("a");

        var next = lists.MoveNextAsync().AsTask();
        await Eventually.UntilAsync("the list is another", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return next.IsCompleted;
        });

        (await next).Should().BeTrue();
        lists.Current.Items.Select(each => each.Id).Should().Equal("a", "b");
        answers.Asked.Skip(1).Should().HaveCount(4).And.OnlyContain(query => query.Contains("position=p1"), "it goes on where it was");
    }

    private static HttpResponseMessage List(string position, params string[] ids) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(
            $$"""{"items":[{{string.Join(',', ids.Select(id => $$"""{"id":"{{id}}","status":"pending"}"""))}}],"position":"{{position}}"}""",
            Encoding.UTF8,
            "application/json"),
    };

    private sealed class ScriptedAnswers(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        private readonly List<string> asked = [];

        /// <summary>The requests' queries.</summary>
        public IReadOnlyList<string> Asked => asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add(request.RequestUri!.Query);
            var answer = answers[asked.Count - 1]();
            answer.RequestMessage = request;
            return Task.FromResult(answer);
        }
    }
}
