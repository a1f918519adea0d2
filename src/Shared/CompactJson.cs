using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams;

/// <summary>Contents and what functions take and give, as JSON without white space.</summary>
internal static class CompactJson
{
    public static JsonSerializerOptions Options { get; } = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };
}
