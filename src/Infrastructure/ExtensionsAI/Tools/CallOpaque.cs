using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What a call's provider wants back with it: one of the call's additional properties.</summary>
internal static class CallOpaque
{
    private const string Name = "opaque";

    public static string? Of(ToolCallContent call) => call.AdditionalProperties?.GetValueOrDefault(Name) as string;

    public static void Set(ToolCallContent call, string opaque) => (call.AdditionalProperties ??= [])[Name] = opaque;
}
