using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Calls that the client is still being told: their arguments are written as they come.</summary>
internal sealed class CallDeltas(IAppender output, ToolRuns tools)
{
    private readonly Dictionary<int, OpenCall> open = [];

    public async ValueTask WriteAsync(ToolCallDelta delta)
    {
        if (!open.TryGetValue(delta.Call, out var call)) open.Add(delta.Call, call = Begin(delta));
        if (delta.Arguments.Length == 0) return;
        call.HasArguments = true;
        await call.Part.AppendInPiecesAsync(delta.Arguments);
    }

    /// <summary>The call is whole. Null: nothing of it was told before.</summary>
    public OpenCall? Take(ToolCallContent whole)
    {
        // A client around the one that tells deltas may have made a call of its own of it.
        var number = whole.RawRepresentation is ToolCallDelta delta ? delta.Call : open.FirstOrDefault(each => each.Value.CallId == whole.CallId).Key;
        return open.Remove(number, out var call) ? call : null;
    }

    /// <summary>Numbers begin anew with each answer of the model; what is still open was cut off.</summary>
    public void NextAnswer() => open.Clear();

    private OpenCall Begin(ToolCallDelta delta) => new(
        output.StartWithinLimits(new PartStart(PartKinds.ToolCall)
        {
            Name = delta.Name,
            CallId = delta.CallId,
            Encoding = PartEncoding.Json,
            Detail = PartDetailJson.Of(("executed", tools.ExecutorOf(delta.Name ?? "", delta.InformationalOnly))),
        }),
        delta.CallId);

    internal sealed class OpenCall(IPartAppender part, string? callId)
    {
        public IPartAppender Part => part;

        /// <summary>As it was told at its beginning.</summary>
        public string? CallId => callId;

        public bool HasArguments { get; set; }
    }
}
