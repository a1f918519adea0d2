using EventSourcedStreams.TestKit;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.Extensions.AI.Tests;

/// <summary>A source over a client, run as the engine runs it.</summary>
internal static class ClientRun
{
    public const string Hello = """{"messages":[{"role":"user","content":"Hello"}]}""";

    public static ChatClientSource Source(IChatClient client, Action<ChatClientSourceOptions>? configure = null, TimeProvider? time = null, IServiceCollection? services = null) =>
        Source(_ => client, configure, time, services);

    public static ChatClientSource Source(
        Func<IServiceProvider, IChatClient> client, Action<ChatClientSourceOptions>? configure = null, TimeProvider? time = null, IServiceCollection? services = null)
    {
        var options = new ChatClientSourceOptions();
        configure?.Invoke(options);
        var provider = (services ?? new ServiceCollection()).BuildServiceProvider();
        return new ChatClientSource("assistant", client, options, provider.GetRequiredService<IServiceScopeFactory>(), time ?? new ManualTime());
    }

    public static async Task<RecordingAppender> RunAsync(IChatClient client, Action<ChatClientSourceOptions>? configure = null)
    {
        var output = new RecordingAppender();
        await Source(client, configure).RunAsync(output, Hello);
        return output;
    }

    public static IEnumerable<string> Lines(this RecordingAppender output) => output.Parts.Select(part => part.ToString());
}
