using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>Puts what the chunks of one answer say into parts, around and beside its text: a step around all of it, a
/// part for each thought, call, file and source.</summary>
/// <param name="provider">The endpoint's host.</param>
/// <param name="soundType">The media type of sound.</param>
internal sealed class AnswerParts(string provider, string soundType)
{
    private const int MaxNameChars = 256;

    private readonly ReasoningParts reasoning = new(provider);
    private readonly ToolCalls calls = new();
    private readonly ToolCalls providersCalls = new();
    private readonly FileParts files = new(soundType);
    private readonly SourceParts sources = new();
    private readonly ErrorParts errors = new();
    private readonly TextOffsets textSoFar = new(codePoints: true);
    private List<ChatUpdate> updates = [];
    private ChatPart? step;
    private ChatPart? refusal;
    private string? responseId;
    private string? model;
    private int chunk;

    /// <summary>It has a call or a file, so that it is an answer without any text.</summary>
    public bool HasContent => calls.HasAny || files.HasAny;

    /// <summary>A call's name is there, and its beginning is held back in case more of the name comes.</summary>
    public bool HoldsCall => calls.HoldsAny || providersCalls.HoldsAny;

    public void NextChunk(string? id, string? by)
    {
        chunk++;
        responseId ??= PartDetail.Cut(string.IsNullOrEmpty(id) ? null : id, MaxNameChars);
        model ??= PartDetail.Cut(string.IsNullOrEmpty(by) ? null : by, MaxNameChars);
    }

    /// <param name="text">What of the piece's text is new.</param>
    public void Add(ChatPiece piece, string text)
    {
        if (piece.Said.Count == 0 || text.Length != (piece.Text?.Length ?? 0))
        {
            foreach (var said in piece.Said.Where(said => said.At == 0)) Add(said, piece.SaidForm);
            AddText(text, piece.RefusalAt is { } at ? Math.Clamp(at - ((piece.Text?.Length ?? 0) - text.Length), 0, text.Length) : null);
            foreach (var said in piece.Said.Where(said => said.At > 0)) Add(said, piece.SaidForm);
            return;
        }

        var given = 0;
        foreach (var said in piece.Said.OrderBy(said => said.At))
        {
            var until = Math.Min(said.At, text.Length);
            AddText(text[given..until], piece.RefusalAt - given);
            given = until;
            Add(said, piece.SaidForm);
        }

        AddText(text[given..], piece.RefusalAt - given);
    }

    public void AddText(string text, int? refusalAt = null)
    {
        if (text.Length == 0) return;
        Begin();
        reasoning.Pause(updates);
        Settle();
        textSoFar.Add(text);
        var plain = refusalAt is { } at ? Math.Clamp(at, 0, text.Length) : text.Length;
        if (plain > 0)
        {
            if (!string.IsNullOrWhiteSpace(text[..plain])) EndRefusal();
            updates.Add(new ChatUpdate.Text(text[..plain]));
        }

        if (plain == text.Length) return;
        if (refusal is null)
        {
            refusal = new ChatPart("text") { Detail = """{"refusal":true}""" };
            updates.Add(new ChatUpdate.PartStart(refusal));
        }

        updates.Add(new ChatUpdate.Text(text[plain..]));
    }

    /// <summary>What has been said since the last time.</summary>
    public List<ChatUpdate> Taken()
    {
        var taken = updates;
        if (taken.Count > 0) updates = [];
        return taken;
    }

    /// <summary>Held calls begin.</summary>
    public void Settle()
    {
        calls.Settle(updates);
        providersCalls.Settle(updates);
    }

    /// <summary>The answer is over, and good.</summary>
    /// <param name="usage">The provider's own JSON.</param>
    public void End(string? reason, string? usage)
    {
        Begin();
        reasoning.End(updates);
        EndRefusal();
        calls.End(updates);
        providersCalls.End(updates);
        files.End(updates);
        updates.Add(new ChatUpdate.PartEnd(step!, PartDetailJson.Of(("finishReason", reason), ("usage", PartDetail.Member(usage)))));
    }

    private void Add(ChatSaid said, ChatTextForm form)
    {
        Begin();
        if (said is not (ChatSaid.Reasoning or ChatSaid.Opaque)) reasoning.Pause(updates);
        if (said is not ChatSaid.ToolCall) Settle();
        switch (said)
        {
            case ChatSaid.Reasoning(var text):
                reasoning.Add(updates, text, form);
                break;
            case ChatSaid.Opaque(var json, var isSignature):
                if (isSignature) reasoning.AddSignature(updates, json);
                else reasoning.AddOpaque(updates, json, of: null);
                break;
            case ChatSaid.ToolCall call:
                AddCall(call, form);
                break;
            case ChatSaid.ToolResult result:
                AddResult(result);
                break;
            case ChatSaid.File file:
                if (!files.Add(updates, file)) errors.AddLeftOut(updates);
                break;
            case ChatSaid.Sound sound:
                files.Add(updates, sound, form);
                break;
            case ChatSaid.Source source:
                if (!sources.Add(updates, source, textSoFar)) errors.AddLeftOut(updates);
                break;
            case ChatSaid.Problem problem:
                errors.Add(updates, problem);
                break;
        }
    }

    private void AddCall(ChatSaid.ToolCall said, ChatTextForm form)
    {
        var isProviders = said.IsProviders || (said is { Id: null, Name: null, Index: { } index } && providersCalls.Has(index) && !calls.Has(index));
        var call = (isProviders ? providersCalls : calls).Apply(updates, said, form, chunk);
        if (said.Extra is null) return;
        call.Begin(updates);
        reasoning.AddOpaque(updates, said.Extra, call.Part);
    }

    private void AddResult(ChatSaid.ToolResult said)
    {
        var call = providersCalls.Find(said.Index, said.CallId);
        if (call is { HasResult: true }) return;
        call?.End(updates);
        if (call is not null) call.HasResult = true;
        var part = new ChatPart("tool-result") { Of = call?.Part, CallId = said.CallId ?? call?.Id, Name = call?.Name, Encoding = said.Json is null ? null : "json" };
        updates.Add(new ChatUpdate.PartStart(part));
        if ((said.Json ?? said.Text) is { Length: > 0 } text) updates.Add(new ChatUpdate.PartText(part, text));
        updates.Add(new ChatUpdate.PartEnd(part, Error: said.IsFailure ? "The tool failed." : null));
    }

    private void Begin()
    {
        if (step is not null) return;
        step = new ChatPart("step") { Detail = PartDetailJson.Of(("responseId", responseId), ("model", model)) };
        updates.Add(new ChatUpdate.PartStart(step));
    }

    private void EndRefusal()
    {
        if (refusal is not null) updates.Add(new ChatUpdate.PartEnd(refusal));
        refusal = null;
    }
}
