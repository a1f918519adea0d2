using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>A function whose run is told to the stream.</summary>
internal sealed class ObservedFunction(AIFunction function, ToolRuns runs) : DelegatingAIFunction(function)
{
    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        runs.RunAsync(FunctionInvokingChatClient.CurrentContext?.CallContent.CallId, Name, () => base.InvokeCoreAsync(arguments, cancellationToken));
}
