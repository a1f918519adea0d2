using EventSourcedStreams.Extensions.AI;
using EventSourcedStreams.OpenAI;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Chat;

/// <summary>Where answers come from: a model where one is configured, else a client that is built in. Either has a
/// tool.</summary>
internal static class Answers
{
    private const string Instructions =
        "You answer briefly, in plain text without Markdown. The weather of a town is asked for by the tool alone.";

    public static IChatClient Client(IConfiguration configuration)
    {
        var (key, url) = (configuration["OpenAI:ApiKey"], configuration["OpenAI:BaseUrl"]);
        return string.IsNullOrEmpty(key) && string.IsNullOrEmpty(url)
            ? new BuiltInClient(Pause(configuration))
            : new OpenAICompatibleChatClient(new OpenAIEndpointOptions { ApiKey = key, BaseUrl = url, Model = configuration["OpenAI:Model"] ?? "gpt-4o-mini" });
    }

    public static Action<ChatClientSourceOptions> Options(IConfiguration configuration) => options =>
    {
        options.Instructions = Instructions;
        options.AddTool(new Weather(Pause(configuration) * 50).Tool);
    };

    private static TimeSpan Pause(IConfiguration configuration) => configuration.GetValue("Writer:Pause", TimeSpan.FromMilliseconds(45));
}
