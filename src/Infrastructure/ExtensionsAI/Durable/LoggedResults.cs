using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>Results of tools that wait to be told together, as the client told them: those of functions in the order of
/// their calls, whichever was done first.</summary>
internal sealed class LoggedResults
{
    private readonly Dictionary<int, bool> expected = [];
    private readonly List<(LoggedPart Part, AIContent Content, ChatRole Role)> waiting = [];
    private bool isInOrderOfCalls;

    /// <summary>Each call has its result.</summary>
    public bool AreAll => expected.Count == 0;

    /// <param name="call">The number of a call's part.</param>
    /// <param name="isRunHere">The functions of one answer run beside each other.</param>
    public void Expect(int call, bool isRunHere) => expected[call] = isRunHere;

    /// <summary>A person is asked about it first.</summary>
    public void Forget(int call) => expected.Remove(call);

    /// <param name="call">Null: it is not known.</param>
    public void Add(LoggedPart part, AIContent result, AIContent? call)
    {
        isInOrderOfCalls |= expected.Remove(part.Start.Of ?? 0, out var isRunHere) && isRunHere;
        var isFunctions = result is FunctionResultContent && call is not FunctionCallContent { InformationalOnly: true };
        waiting.Add((part, result, isFunctions ? ChatRole.Tool : ChatRole.Assistant));
    }

    public IReadOnlyList<(ChatRole Role, IReadOnlyList<(LoggedPart Part, AIContent Content)> Results)> Take()
    {
        if (waiting.Count == 0) return [];
        var ordered = isInOrderOfCalls ? waiting.OrderBy(result => result.Part.Start.Of ?? 0) : waiting.AsEnumerable();
        var groups = new List<(ChatRole, IReadOnlyList<(LoggedPart, AIContent)>)>();
        foreach (var (part, content, role) in ordered)
        {
            if (groups is [.., var (last, group)] && last == role) ((List<(LoggedPart, AIContent)>)group).Add((part, content));
            else groups.Add((role, new List<(LoggedPart, AIContent)> { (part, content) }));
        }

        waiting.Clear();
        isInOrderOfCalls = false;
        return groups;
    }
}
