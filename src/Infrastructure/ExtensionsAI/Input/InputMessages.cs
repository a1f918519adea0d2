using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>The messages of an input, as a client takes them. One message may become several: results of tools go into
/// messages of their own, and each call of a model had one.</summary>
internal static class InputMessages
{
    public static IReadOnlyList<ChatMessage> Read(InputValue given)
    {
        var pairs = new ToolPairs();
        var messages = new List<ChatMessage>();
        foreach (var message in given.Items)
        {
            message.Object("role", "content", "author", "messageId");
            var role = (message["role"] ?? throw message.Wrong("A message has a role.")).OneOf("user", "assistant", "system", "tool");
            var content = message["content"] ?? throw message.Wrong("A message has content: a string, or a list as a query gives it.");
            var author = message["author"]?.Text(256);
            if (content.Kind == JsonValueKind.String) messages.Add(new ChatMessage(new ChatRole(role), content.Text()) { AuthorName = author, MessageId = message["messageId"]?.Text(1024) });
            else messages.AddRange(new InputContent(new ChatRole(role), author, pairs).Read(content));
        }

        return pairs.Completed(messages);
    }
}
