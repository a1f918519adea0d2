namespace EventStore.Client.Tests;

/// <summary>What tests look at alone: the events among the messages.</summary>
internal static class Events
{
    public static async IAsyncEnumerable<ResolvedEvent> EventsAsync(this IAsyncEnumerable<StreamMessage> messages)
    {
        await foreach (var message in messages)
        {
            if (message is StreamMessage.Event(var read)) yield return read;
        }
    }

    public static async Task<int> CountEventsAsync(this IAsyncEnumerable<StreamMessage> messages) => await messages.EventsAsync().CountAsync();
}
