using System.Text.Json;
using System.Text.Json.Nodes;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Writes calls of tools, their results, and what a person has to agree to.</summary>
internal sealed class CallWriter(IAppender output, ToolRuns tools, LeftOut leftOut)
{
    private const string Failed = "The tool failed.";
    private const string Unread = "Its arguments could not be read.";

    private readonly CallDeltas deltas = new(output, tools);

    /// <summary>More of a call that is not whole yet.</summary>
    public ValueTask WriteAsync(ToolCallDelta delta) => deltas.WriteAsync(delta);

    /// <summary>A new answer of the model begins.</summary>
    public void NextAnswer() => deltas.NextAnswer();

    /// <returns>False: it is none of these.</returns>
    public async ValueTask<bool> TryWriteAsync(AIContent content)
    {
        switch (content)
        {
            case ToolCallContent call:
                await WriteAsync(call);
                return true;
            case FunctionResultContent result:
                await tools.AnswerAsync(result.CallId, ToolResults.Json(result.Result), null, result.Exception is null ? null : Failed);
                return true;
            case ToolResultContent result:
                await tools.AnswerAsync(result.CallId, ToolResults.Json(OutputsOf(result)), PartDetailJson.Of(("tool", ToolKinds.Of(result))), null);
                return true;
            case ToolApprovalRequestContent request:
                if (tools.PartOf(request.ToolCall.CallId) == 0) await WriteAsync(request.ToolCall);
                var asked = output.StartWithinLimits(new PartStart(PartKinds.ApprovalRequest)
                {
                    Of = tools.PartOf(request.ToolCall.CallId),
                    CallId = request.ToolCall.CallId,
                    Detail = leftOut.Detail(PartDetailJson.Of(("requestId", request.RequestId))),
                });
                tools.AddRequest(request.RequestId, asked.Number);
                await asked.EndAsync();
                return true;
            case ToolApprovalResponseContent response:
                var answered = output.StartWithinLimits(new PartStart(PartKinds.ApprovalResponse)
                {
                    Of = tools.RequestOf(response.RequestId),
                    CallId = response.ToolCall.CallId,
                    Detail = leftOut.Detail(PartDetailJson.Of(("requestId", response.RequestId), ("approved", response.Approved), ("reason", response.Reason))),
                });
                await answered.EndAsync();
                return true;
            default:
                return false;
        }
    }

    private async ValueTask WriteAsync(ToolCallContent call)
    {
        var name = call switch { FunctionCallContent function => function.Name, McpServerToolCallContent mcp => mcp.Name, _ => ToolKinds.Of(call) };
        var id = TextCut.Within(call.CallId, PartLimits.NameBytes);
        var told = deltas.Close(call, name);
        var part = told?.Part ?? output.StartWithinLimits(new PartStart(PartKinds.ToolCall)
        {
            Name = name,
            CallId = id,
            Encoding = PartEncoding.Json,
            Detail = leftOut.Detail(PartDetailJson.Of(
                ("executed", call is FunctionCallContent named ? tools.ExecutorOf(named.Name, named.InformationalOnly) : "provider"),
                ("tool", ToolKinds.Of(call)), ("server", (call as McpServerToolCallContent)?.ServerName))),
        });
        tools.AddCall(call.CallId, name, part.Number);
        if (told is not { HasArguments: true } && ArgumentsOf(call) is { } arguments) await part.AppendInPiecesAsync(arguments);
        await part.EndWithinLimitsAsync(new PartEnd
        {
            Detail = told is not null && told.CallId != call.CallId ? PartDetailJson.Of(("callId", id)) : null,
            Error = call is FunctionCallContent { Exception: not null } ? Unread : null,
        });
        if (CallOpaque.Of(call) is { Length: > 0 } opaque) await WriteOpaqueAsync(part.Number, opaque);
    }

    private async ValueTask WriteOpaqueAsync(int of, string opaque)
    {
        var part = output.StartWithinLimits(new PartStart(PartKinds.Opaque) { Of = of });
        await part.AppendInPiecesAsync(opaque);
        await part.EndAsync();
    }

    private static string? ArgumentsOf(ToolCallContent call) => call switch
    {
        FunctionCallContent { Arguments: { } arguments } => Json(arguments),
        McpServerToolCallContent { Arguments: { } arguments } => Json(arguments),
        CodeInterpreterToolCallContent { Inputs: { } inputs } => ToolResults.Json(inputs),
        WebSearchToolCallContent { Queries: { } queries } => new JsonArray([.. queries.Select(query => (JsonNode?)query)]).ToJsonString(),
        _ => null,
    };

    private static string Json(IDictionary<string, object?> arguments) =>
        ToolResults.TryWrite(() => JsonSerializer.Serialize(arguments, CompactJson.Options))
        ?? $"{{{string.Join(',', arguments.Select(argument => $"{JsonSerializer.Serialize(argument.Key, CompactJson.Options)}:{ToolResults.Json(argument.Value)}"))}}}";

    private static IEnumerable<AIContent>? OutputsOf(ToolResultContent result) => result switch
    {
        CodeInterpreterToolResultContent code => code.Outputs,
        WebSearchToolResultContent search => search.Outputs,
        ImageGenerationToolResultContent image => image.Outputs,
        McpServerToolResultContent mcp => mcp.Outputs,
        _ => null,
    };
}
