using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>Which continuation tokens are honoured, and what is said of those that are not.</summary>
public sealed class TokenTests
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key of 32 bytes, for the tests");

    /// <summary>The shape is for ever: clients keep tokens.</summary>
    [Fact]
    public void A_token_is_written_as_it_always_was()
    {
        var token = new AnswerToken(new StreamId("0123456789abcdef0123456789abcdef"), new ContentMark(12, 3, [(1, 0), (3, 7)]));

        Encoding.UTF8.GetString(token.Write(null).ToBytes().Span).Should().Be("""{"v":1,"s":"0123456789abcdef0123456789abcdef","b":12,"p":3,"o":[[1,0],[3,7]]}""");
        Encoding.UTF8.GetString(token.Write(Key).ToBytes().Span).Should().Be(
            """{"v":1,"s":"0123456789abcdef0123456789abcdef","b":12,"p":3,"o":[[1,0],[3,7]],"m":"QnesYlUnuIl4eouZ+WlPV1Qs3xd9A9fHbdjTfe3J5aQ="}""");
        AnswerToken.Read(token.Write(Key), Key).Should().Be(token);
        AnswerToken.Read(token.Write(Key), null).Should().Be(token);
    }

    [Fact]
    public void The_longest_token_is_within_its_limit()
    {
        var open = Enumerable.Range(0, PartLimits.OpenParts).Select(i => (PartLimits.Parts - PartLimits.OpenParts + 1 + i, 1L << 40)).ToList();
        var token = new AnswerToken(new StreamId(new string('a', 128)), new ContentMark(long.MaxValue, PartLimits.Parts, open));

        AnswerToken.Read(token.Write(Key), Key).Should().Be(token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"v\"")]
    [InlineData("""{"v":0,"s":"a","b":0,"p":0}""")]
    [InlineData("""{"v":"1","s":"a","b":0,"p":0}""")]
    [InlineData("""{"v":1,"b":0,"p":0}""")]
    [InlineData("""{"v":1,"s":null,"b":0,"p":0}""")]
    [InlineData("""{"v":1,"s":"","b":0,"p":0}""")]
    [InlineData("""{"v":1,"s":"../a","b":0,"p":0}""")]
    [InlineData("""{"v":1,"s":"\ud83d","b":0,"p":0}""")]
    [InlineData("""{"v":1,"s":"a","b":-1,"p":0}""")]
    [InlineData("""{"v":1,"s":"a","b":1e99,"p":0}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":10001}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":[[2,0]]}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":[[1,0],[1,0]]}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":[[1]]}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":[1]}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":7}""")]
    [InlineData("""{"v":1,"s":"a","b":0,"p":1,"o":[[1,-1]]}""")]
    public void What_is_no_token_is_refused(string bytes) =>
        Refusal(Token(bytes), null).Should().Contain("not one of text streams");

    [Fact]
    public void A_token_of_more_than_8_KiB_is_refused() =>
        Refusal(Token("""{"v":1,"s":"a","b":0,"p":0}""" + new string(' ', 8192)), null).Should().Contain("not one of text streams");

    [Fact]
    public void A_token_of_a_later_version_says_so() =>
        Refusal(Token("""{"v":2,"place":"elsewhere"}"""), null).Should().Contain("version 2").And.Contain("version 1");

    [Fact]
    public void A_token_that_was_changed_or_not_signed_is_refused_where_there_is_a_key()
    {
        var token = new AnswerToken(new StreamId("abc"), new ContentMark(12, 0, []));
        var signed = Encoding.UTF8.GetString(token.Write(Key).ToBytes().Span);

        foreach (var wrong in new[] { token.Write(null), token.Write([.. Key.Reverse()]), Token(signed.Replace("\"b\":12", "\"b\":11")), Token(signed.Replace("abc", "abd")), Token(signed[..^3] + "\"}") })
            Refusal(wrong, Key).Should().MatchRegex("signed|not one of text streams");
        Refusal(Token("""{"v":1,"s":"abc","b":12,"p":0,"m":7}"""), Key).Should().Contain("not one of");
    }

    [Fact]
    public async Task A_token_is_honoured_for_its_own_source_and_owner_alone()
    {
        await using var app = await ChatApp.StartAsync();
        var user = "ada";
        var last = (await For("assistant", _ => user).GetStreamingResponseAsync("Hello", ChatApp.Background).AllAsync())[0];

        (await AnswerTests.Continued(For("assistant", _ => user), last).AllAsync()).Lines().Should().Equal("text Two.");
        var refusals = new List<string>
        {
            await RefusalAsync(For("helper", _ => user), last), await RefusalAsync(For("assistant", null), last), await RefusalAsync(For("assistant", _ => "bob"), last),
            await RefusalAsync(app.Client(Saying(new TextContent("x"))), last),
            await RefusalAsync(For("assistant", _ => user), new ChatResponseUpdate { ContinuationToken = new AnswerToken(new StreamId("unknown"), ContentMark.None).Write(null) }),
        };
        refusals.Distinct().Should().ContainSingle("none says whether there is such an answer").Which.Should().Contain("of this client and owner");
        foreach (var client in new[] { For("helper", _ => user), For("assistant", _ => "bob") })
            await FluentActions.Awaiting(() => client.GetResponseAsync([], new ChatOptions { ContinuationToken = last.ContinuationToken })).Should().ThrowAsync<InvalidContinuationTokenException>();
        await FluentActions.Awaiting(() => For("assistant", _ => "bob").GetResponseAsync([], new ChatOptions { ContinuationToken = new AnswerToken(new StreamId("unknown"), ContentMark.None).Write(null) }))
            .Should().ThrowAsync<InvalidContinuationTokenException>();
        (await app.TextStreams.FindAsync(await app.OnlyAsync()))!.Summary.Labels["user"].Should().Be("ada");

        IChatClient For(string source, Func<ChatOptions?, string?>? owner) => app.Client(Saying(Update(new TextContent("One. ")), Update(new TextContent("Two."))), options =>
        {
            options.Source = source;
            options.Owner = owner;
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_call_without_an_owner_is_refused_where_answers_have_owners(string? owner)
    {
        await using var app = await ChatApp.StartAsync();
        var inner = Saying(new TextContent("a"));

        await FluentActions.Awaiting(() => app.Client(inner, options => options.Owner = _ => owner).GetStreamingResponseAsync("Hello").AllAsync())
            .Should().ThrowAsync<InvalidOperationException>();

        inner.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task The_owner_is_found_by_the_options_of_the_call()
    {
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(Saying(new TextContent("a")), options => options.Owner = asked => asked?.AdditionalProperties?["user"] as string);

        await client.GetStreamingResponseAsync("Hello", new ChatOptions { AdditionalProperties = new() { ["user"] = "eve" } }).AllAsync();

        var created = (await app.EventsAsync())[0];
        ((StreamEvent.StreamCreated)created.Event).Labels["user"].Should().Be("eve");
        created.Context.Actor.Should().Be("eve");
    }

    [Fact]
    public async Task A_token_from_the_future_waits_while_the_answer_is_made_and_throws_when_it_ends_before()
    {
        var go = new TaskCompletionSource();
        await using var app = await ChatApp.StartAsync();
        var client = app.Client(new ScriptedChatClient(_ => AnswerAsync()));
        var first = (await client.GetStreamingResponseAsync("Hello", ChatApp.Background).TakeAsync(1))[0];
        var stream = AnswerToken.Read(first.ContinuationToken!, null).Stream;

        var within = AnswerTests.Continued(client, At(7)).AllAsync();
        var beyond = AnswerTests.Continued(client, At(10)).AllAsync();
        go.SetResult();

        (await within).Lines().Should().Equal("text o.");
        var ended = (await FluentActions.Awaiting(() => beyond).Should().ThrowAsync<TextStreamEndedException>()).Which;
        ended.Should().BeEquivalentTo(new { Stream = stream, Status = StreamStatus.Done, Code = "too-short", Length = 9L });
        await FluentActions.Awaiting(() => AnswerTests.Continued(client, At(9, parts: 9)).AllAsync()).Should().ThrowAsync<TextStreamEndedException>();
        await FluentActions.Awaiting(() => client.GetResponseAsync([], new ChatOptions { ContinuationToken = At(10).ContinuationToken })).Should().ThrowAsync<TextStreamEndedException>();

        ChatResponseUpdate At(int length, int parts = 1) => new() { ContinuationToken = new AnswerToken(stream, new ContentMark(length, parts, [])).Write(null) };

        async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync()
        {
            yield return Update(new TextContent("One. "));
            await go.Task;
            yield return Update(new TextContent("Two."));
        }
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        Action<TextStreamsChatClientOptions>[] wrong =
        [
            options => options.TokenKey = new byte[15], options => options.Source = "", options => options.OwnerLabel = "a:b", options => options.MaxDuration = TimeSpan.Zero,
            options => options.IdleTimeout = TimeSpan.FromSeconds(1), options => options.Retain = TimeSpan.FromSeconds(1.5),
        ];
        foreach (var configure in wrong)
            FluentActions.Invoking(() => new ChatClientBuilder(Saying(new TextContent("a"))).UseTextStreams(configure: configure)).Should().Throw<ArgumentException>();
    }

    private static ResponseContinuationToken Token(string json) => ResponseContinuationToken.FromBytes(Encoding.UTF8.GetBytes(json));

    private static string Refusal(ResponseContinuationToken token, byte[]? key) =>
        FluentActions.Invoking(() => AnswerToken.Read(token, key)).Should().Throw<InvalidContinuationTokenException>().Which.Message;

    private static async Task<string> RefusalAsync(IChatClient client, ChatResponseUpdate last) =>
        (await FluentActions.Awaiting(() => AnswerTests.Continued(client, last).AllAsync()).Should().ThrowAsync<InvalidContinuationTokenException>()).Which.Message;
}
