using EventSourcedStreams.Domain;

namespace EventSourcedStreams.OpenAI;

/// <summary>What went wrong in an answer that goes on: the provider's problems, each once, and, once, that not all of
/// what it said is kept.</summary>
internal sealed class ErrorParts
{
    private const int MaxProblems = 16;
    private const int MaxCodeChars = 256;

    private readonly HashSet<string> problems = [];
    private bool isLeftOut;

    public void Add(List<ChatUpdate> updates, ChatSaid.Problem problem)
    {
        var key = $"{problem.Code} {problem.Words}";
        if (problems.Contains(key)) return;
        if (problems.Count >= MaxProblems)
        {
            AddLeftOut(updates);
            return;
        }

        problems.Add(key);
        Add(updates, PartDetailJson.Of(("code", PartDetail.Cut(problem.Code, MaxCodeChars))), problem.Words);
    }

    /// <summary>Something that was said is not kept.</summary>
    public void AddLeftOut(List<ChatUpdate> updates)
    {
        if (isLeftOut) return;
        isLeftOut = true;
        Add(updates, PartLimits.LeftOutDetail, PartLimits.TooLongWords);
    }

    private static void Add(List<ChatUpdate> updates, string? detail, string words)
    {
        var part = new ChatPart("error") { Detail = detail };
        updates.AddRange([new ChatUpdate.PartStart(part), new ChatUpdate.PartText(part, words), new ChatUpdate.PartEnd(part)]);
    }
}
