using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using static EventSourcedStreams.Extensions.AI.Tests.ScriptedChatClient;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>An agent of the Agent Framework over a client whose answers are kept: its runs can be gone on with, and the
/// agent has no code for that.</summary>
public sealed class AgentTests
{
    private readonly TaskCompletionSource go = new();

    [Fact]
    public async Task A_run_goes_on_in_another_process_behind_its_last_update()
    {
        var log = new InMemoryStore(TimeProvider.System);
        await using var app = await ChatApp.StartAsync(log);
        await using var other = await ChatApp.StartAsync(log);
        var agent = Agent(app, new ScriptedChatClient(Updates(Update(new FunctionCallContent("c1", "weather", new Dictionary<string, object?>()))), _ => WaitsAsync()));
        var session = await agent.CreateSessionAsync();
        var told = new List<AgentResponseUpdate>();
        await foreach (var update in agent.RunStreamingAsync("Weather?", session, new AgentRunOptions { AllowBackgroundResponses = true }))
        {
            told.Add(update);
            if (update.Text == "It is ") break;
        }

        var (kept, token) = (await agent.SerializeSessionAsync(session), told[^1].ContinuationToken!.ToBytes());
        go.SetResult();
        var agentThere = Agent(other, new ScriptedChatClient(Updates(Update(new TextContent("You are welcome.")))));
        var sessionThere = await agentThere.DeserializeSessionAsync(kept);
        await foreach (var update in agentThere.RunStreamingAsync(sessionThere, new AgentRunOptions { ContinuationToken = ResponseContinuationToken.FromBytes(token) })) told.Add(update);

        string.Concat(told.Select(update => update.Text)).Should().Be("It is sunny.");
        told.SelectMany(update => update.Contents).OfType<FunctionResultContent>().Should().ContainSingle().Which.Result!.ToString().Should().Be("sunny");
        told[^1].ContinuationToken.Should().BeNull();
        (await agentThere.RunAsync("Thanks.", sessionThere)).Text.Should().Be("You are welcome.");
    }

    [Fact]
    public async Task A_run_is_asked_for_until_it_is_done()
    {
        await using var app = await ChatApp.StartAsync();
        var agent = Agent(app, new ScriptedChatClient(_ => WaitsAsync()));
        var session = await agent.CreateSessionAsync();

        var response = await agent.RunAsync("Weather?", session, new AgentRunOptions { AllowBackgroundResponses = true });
        response.ContinuationToken.Should().NotBeNull();
        go.SetResult();
        await Eventually.UntilAsync("the run is done", async () =>
        {
            response = await agent.RunAsync(session, new AgentRunOptions { AllowBackgroundResponses = true, ContinuationToken = response.ContinuationToken });
            return response.ContinuationToken is null;
        });

        response.Text.Should().Be("It is sunny.");
    }

    private static ChatClientAgent Agent(ChatApp app, IChatClient inner) =>
        new(app.Client(inner, invokes: true), "You tell the weather.", "weather", tools: [AIFunctionFactory.Create(() => "sunny", "weather")]);

    private async IAsyncEnumerable<ChatResponseUpdate> WaitsAsync()
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, "It is ") { MessageId = "m2", ResponseId = "r2" };
        await go.Task;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "sunny.") { MessageId = "m2", ResponseId = "r2", FinishReason = ChatFinishReason.Stop };
    }
}
