using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>The calls of tools in one answer, and their results: a function's result is open while it runs, and that
/// keeps the stream alive. Functions may run at the same time.</summary>
internal sealed class ToolRuns(IAppender output, TimeProvider time)
{
    /// <summary>The shortest idle timeout is 5 s.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<ToolRun> runs = [];
    private readonly Dictionary<string, int> requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> functions = new(StringComparer.Ordinal);

    /// <summary>The tool, seen while it runs.</summary>
    public AITool Observed(AITool tool)
    {
        if (tool is not AIFunction function) return tool;
        functions.Add(tool.Name);
        return new ObservedFunction(function, this);
    }

    /// <summary>Where a function of that name runs, as it is stored: <c>app</c> is this process.</summary>
    public string ExecutorOf(string name, bool informationalOnly) => informationalOnly ? "provider" : functions.Contains(name) ? "app" : "client";

    /// <summary>The parts of results that a function here gave, or is to give, and the client has not yet.</summary>
    public IReadOnlyList<int> Unanswered
    {
        get { lock (gate) return [.. runs.Where(run => !run.IsAnswered && run.Result is { Number: > 0 }).Select(run => run.Result!.Number)]; }
    }

    public void AddCall(string? callId, string? name, int part)
    {
        lock (gate) runs.Add(new ToolRun(callId, name, part));
    }

    /// <summary>The number of the last call with that id; 0: none was told.</summary>
    public int PartOf(string? callId)
    {
        lock (gate) return runs.FindLast(run => run.CallId == callId)?.Part ?? 0;
    }

    public void AddRequest(string requestId, int part)
    {
        lock (gate) requests[requestId] = part;
    }

    /// <summary>The number of the request for an approval; 0: it was not told.</summary>
    public int RequestOf(string requestId)
    {
        lock (gate) return requests.GetValueOrDefault(requestId);
    }

    public async ValueTask<object?> RunAsync(string? callId, string name, Func<ValueTask<object?>> invoke)
    {
        var run = FindOrAdd(callId, name, run => !run.IsRunning && !run.IsAnswered);
        run.IsRunning = true;
        run.Result = output.StartWithinLimits(Start(run, null));
        object? result;
        await using (time.CreateTimer(_ => output.KeepAlive(), null, SignOfLife, SignOfLife)) result = await invoke();
        await EndAsync(run, ToolResults.Json(result), null, null);
        return result;
    }

    /// <summary>The client gives a result: that of a function here was told when it had run, if it did not
    /// fail.</summary>
    /// <param name="detail">A JSON object.</param>
    /// <param name="error">Words: it failed.</param>
    public ValueTask AnswerAsync(string? callId, string json, string? detail, string? error)
    {
        var run = FindOrAdd(callId, null, run => !run.IsAnswered);
        run.IsAnswered = true;
        return EndAsync(run, json, detail, error);
    }

    private static PartStart Start(ToolRun run, string? detail) =>
        new(PartKinds.ToolResult) { Of = run.Part, Name = run.Name, CallId = run.CallId, Encoding = PartEncoding.Json, Detail = detail };

    private async ValueTask EndAsync(ToolRun run, string json, string? detail, string? error)
    {
        if (run.HasResult) return;
        run.HasResult = true;
        run.Result ??= output.StartWithinLimits(Start(run, detail));
        await run.Result.AppendInPiecesAsync(json);
        await run.Result.EndAsync(new PartEnd { Error = error });
    }

    /// <summary>The first call with that id that still waits, or one that was never told.</summary>
    private ToolRun FindOrAdd(string? callId, string? name, Func<ToolRun, bool> waits)
    {
        lock (gate)
        {
            if (runs.Find(run => run.CallId == callId && waits(run)) is { } told) return told;
            runs.Add(new ToolRun(callId, name, 0));
            return runs[^1];
        }
    }
}
