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

    /// <summary>The call is whole, and told no further.</summary>
    /// <param name="name">The whole call's.</param>
    /// <returns>What was told of it; null: nothing was.</returns>
    public OpenCall? Close(ToolCallContent whole, string? name)
    {
        // A client around the one that tells deltas may have made a call of its own of it.
        var number = whole.RawRepresentation is ToolCallDelta delta ? delta.Call : NumberOf(whole.CallId) ?? NumberOfNamed(name);
        return number is { } there && open.Remove(there, out var call) ? call : null;
    }

    /// <summary>Numbers begin anew with each answer of the model; what is still open was cut off.</summary>
    public void NextAnswer() => open.Clear();

    private int? NumberOf(string callId)
    {
        foreach (var (number, call) in open)
        {
            if (call.CallId == callId) return number;
        }

        return null;
    }

    /// <summary>Of a call whose id was not known yet: it is the one of that name, where there is only one.</summary>
    private int? NumberOfNamed(string? name)
    {
        var named = open.Where(each => each.Value.CallId is null && (each.Value.Name ?? "") == (name ?? "")).Take(2).ToList();
        return named is [var only] ? only.Key : null;
    }

    private OpenCall Begin(ToolCallDelta delta) => new(
        output.StartWithinLimits(new PartStart(PartKinds.ToolCall)
        {
            Name = delta.Name,
            CallId = delta.CallId,
            Encoding = PartEncoding.Json,
            Detail = PartDetailJson.Of(("executed", tools.ExecutorOf(delta.Name ?? "", delta.InformationalOnly))),
        }),
        delta.CallId,
        delta.Name);

    internal sealed class OpenCall(IPartAppender part, string? callId, string? name)
    {
        public IPartAppender Part => part;

        /// <summary>As it was told at its beginning.</summary>
        public string? CallId => callId;

        public string? Name => name;

        public bool HasArguments { get; set; }
    }
}
