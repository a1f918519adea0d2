using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Puts around a client what it lacks: functions are invoked, and below that each call of the model is tried
/// again.</summary>
internal static class ChatClientPipeline
{
    /// <param name="hasTools">Without tools nothing is invoked.</param>
    /// <param name="heard">Called for each sign of life of a call that may still be tried again.</param>
    public static IChatClient Of(IChatClient client, bool hasTools, int retries, TimeProvider time, Action heard)
    {
        // Around a client that invokes functions itself, only the first call can be tried again: later ones are within.
        IChatClient tried = retries > 0 ? new RetryingChatClient(client, retries, time, heard) : client;
        return hasTools && client.GetService<FunctionInvokingChatClient>() is null ? new FunctionInvokingChatClient(tried) : tried;
    }
}
