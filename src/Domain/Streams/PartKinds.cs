namespace EventSourcedStreams;

/// <summary>The kinds of parts that are shown for what they are. Any other kind is stored and handed on as it
/// is.</summary>
public static class PartKinds
{
    /// <summary>One call of the model, around what it said. Detail: messageId, responseId, conversationId, author,
    /// model; at its end finishReason, usage.</summary>
    public const string Step = "step";

    /// <summary>Marks the body from where it starts to where it ends, and has no text of its own: only for a run of the
    /// body of which something is to be said. Detail: id.</summary>
    public const string Text = "text";

    /// <summary>Thinking that may be shown.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>What only the provider can read and wants back: a signature, encrypted reasoning, item ids. Detail:
    /// provider. Never sent to clients.</summary>
    public const string Opaque = "opaque";

    /// <summary>Has the tool's name, the call's id and, as its text, the arguments. Detail: executed (<c>app</c>,
    /// <c>client</c> or <c>provider</c>), title.</summary>
    public const string ToolCall = "tool-call";

    /// <summary>Of a call; its text is the result, and it is open while the tool runs. Detail: preliminary (a later one
    /// replaces it).</summary>
    public const string ToolResult = "tool-result";

    /// <summary>Of a call: a person has to agree first. Detail: requestId.</summary>
    public const string ApprovalRequest = "approval-request";

    /// <summary>Of the request. Detail: approved, reason.</summary>
    public const string ApprovalResponse = "approval-response";

    /// <summary>Detail: url or fileId, title, quote, ranges [{from, to}] (UTF-8 bytes of the body). Of a document, its
    /// media type.</summary>
    public const string Source = "source";

    /// <summary>Has a media type and a name; its text is base64, or its detail has a url.</summary>
    public const string File = "file";

    /// <summary>A file from the user, stored before the model is asked.</summary>
    public const string InputFile = "input-file";

    /// <summary>Has a name and a JSON value. Detail: key (for readers, a later one of the same name and key replaces
    /// it).</summary>
    public const string Data = "data";

    /// <summary>Something went wrong, and the answer went on. Detail: code.</summary>
    public const string Error = "error";
}
