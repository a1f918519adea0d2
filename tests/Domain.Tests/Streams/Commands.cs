using static EventSourcedStreams.Domain.StreamCommand;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Domain.Tests;

/// <summary>Commands with ordinary values.</summary>
internal static class Commands
{
    public static Create Create(string? input = null, params string[] given) => new(
        SomeStream, "demo", input, "text/plain; charset=utf-8", TimeSpan.FromMinutes(20), null, Labels.None, Names.From(given))
    {
        At = Noon,
    };

    public static Start Start() => new(Node, null, null, "0.1.0") { At = Noon };

    public static PersistChunk Persist(string text) => new(text, Noon) { At = Noon };

    public static Complete Complete(string? finishReason = "stop", string? usage = null) => new(finishReason, usage) { At = Noon };

    public static Fail Fail(string code = "broken", string message = "It broke.") => new(code, message) { At = Noon };

    public static Cancel Cancel(string by = "anonymous", string? reason = null) => new(by, reason, Noon) { At = Noon };

    public static TimeOut TimeOut() => new(TimeSpan.FromMinutes(20), Noon) { At = Noon };

    public static Delete Delete(string by = "anonymous", string? reason = null) => new(by, reason) { At = Noon };
}
