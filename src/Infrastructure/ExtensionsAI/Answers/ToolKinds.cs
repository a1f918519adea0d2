using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Names of the kinds of tools that are no functions, as they are stored.</summary>
internal static class ToolKinds
{
    public const string CodeInterpreter = "code-interpreter";
    public const string WebSearch = "web-search";
    public const string ImageGeneration = "image-generation";
    public const string Mcp = "mcp";

    /// <summary>Null: a function.</summary>
    public static string? Of(AIContent content) => content switch
    {
        FunctionCallContent or FunctionResultContent => null,
        CodeInterpreterToolCallContent or CodeInterpreterToolResultContent => CodeInterpreter,
        WebSearchToolCallContent or WebSearchToolResultContent => WebSearch,
        ImageGenerationToolCallContent or ImageGenerationToolResultContent => ImageGeneration,
        McpServerToolCallContent or McpServerToolResultContent => Mcp,
        _ => content.GetType().Name,
    };
}
