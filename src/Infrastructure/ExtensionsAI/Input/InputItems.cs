using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Items of a content that stand by themselves.</summary>
internal static class InputItems
{
    /// <returns>Null: nothing of it was kept.</returns>
    public static AIContent? Read(InputPart item) => item.Kind switch
    {
        PartKinds.File or PartKinds.InputFile => InputFiles.Read(item),
        PartKinds.Error => new ErrorContent(item.Text()) { ErrorCode = item.Detail("code"), Details = item.Detail("details") },
        _ => new AIContent { AdditionalProperties = new() { ["kind"] = item.Kind, ["name"] = item.Name, ["value"] = item.Json } },
    };

    public static ToolApprovalResponseContent ReadResponse(InputPart item, ToolApprovalRequestContent request) =>
        new(request.RequestId, item.DetailFlag("approved"), request.ToolCall) { Reason = item.Detail("reason") };
}
