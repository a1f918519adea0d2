using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes calls of tools, their results, and what a person has to agree to.</summary>
internal static class CallWriter
{
    private const string Failed = "The tool failed.";

    /// <returns>False: it is none of these.</returns>
    public static async ValueTask<bool> TryWriteAsync(AIContent content, IAppender output, ToolRuns tools)
    {
        switch (content)
        {
            case ToolCallContent call:
                await WriteAsync(call, output, tools);
                return true;
            case FunctionResultContent result:
                await tools.AnswerAsync(result.CallId, ToolResults.Json(result.Result), null, result.Exception is null ? null : Failed);
                return true;
            case ToolResultContent result:
                await tools.AnswerAsync(result.CallId, ToolResults.Json(OutputsOf(result)), PartDetailJson.Of(("tool", ToolKinds.Of(result))), null);
                return true;
            case ToolApprovalRequestContent request:
                if (tools.PartOf(request.ToolCall.CallId) == 0) await WriteAsync(request.ToolCall, output, tools);
                var asked = output.StartWithinLimits(new PartStart(PartKinds.ApprovalRequest)
                {
                    Of = tools.PartOf(request.ToolCall.CallId),
                    CallId = request.ToolCall.CallId,
                    Detail = PartDetailJson.Of(("requestId", request.RequestId)),
                });
                tools.AddRequest(request.RequestId, asked.Number);
                await asked.EndAsync();
                return true;
            case ToolApprovalResponseContent response:
                var answered = output.StartWithinLimits(new PartStart(PartKinds.ApprovalResponse)
                {
                    Of = tools.RequestOf(response.RequestId),
                    CallId = response.ToolCall.CallId,
                    Detail = PartDetailJson.Of(("requestId", response.RequestId), ("approved", response.Approved), ("reason", response.Reason)),
                });
                await answered.EndAsync();
                return true;
            default:
                return false;
        }
    }

    private static async ValueTask WriteAsync(ToolCallContent call, IAppender output, ToolRuns tools)
    {
        var name = call switch { FunctionCallContent function => function.Name, McpServerToolCallContent mcp => mcp.Name, _ => ToolKinds.Of(call) };
        var executed = call is not FunctionCallContent named || named.InformationalOnly ? "provider" : tools.Runs(named.Name) ? "app" : "client";
        var part = output.StartWithinLimits(new PartStart(PartKinds.ToolCall)
        {
            Name = name,
            CallId = call.CallId,
            Encoding = PartEncoding.Json,
            Detail = PartDetailJson.Of(("executed", executed), ("tool", ToolKinds.Of(call)), ("server", (call as McpServerToolCallContent)?.ServerName)),
        });
        tools.AddCall(call.CallId, name, part.Number);
        if (ArgumentsOf(call) is { } arguments) await part.AppendInPiecesAsync(arguments);
        await part.EndAsync(new PartEnd { Error = call is FunctionCallContent { Exception: not null } ? "Its arguments could not be read." : null });
    }

    private static string? ArgumentsOf(ToolCallContent call) => call switch
    {
        FunctionCallContent { Arguments: { } arguments } => Json(arguments),
        McpServerToolCallContent { Arguments: { } arguments } => Json(arguments),
        CodeInterpreterToolCallContent { Inputs: { } inputs } => ToolResults.Json(inputs),
        WebSearchToolCallContent { Queries: { } queries } => new JsonArray([.. queries.Select(query => (JsonNode?)query)]).ToJsonString(),
        _ => null,
    };

    private static string Json(IDictionary<string, object?> arguments) => JsonSerializer.Serialize(arguments, CompactJson.Options);

    private static IEnumerable<AIContent>? OutputsOf(ToolResultContent result) => result switch
    {
        CodeInterpreterToolResultContent code => code.Outputs,
        WebSearchToolResultContent search => search.Outputs,
        ImageGenerationToolResultContent image => image.Outputs,
        McpServerToolResultContent mcp => mcp.Outputs,
        _ => null,
    };
}
