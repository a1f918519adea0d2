using System.Text;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>The text of one call of the model, of which the end waits for what is said of it.</summary>
internal sealed class LoggedText
{
    private readonly StringBuilder message = new();
    private readonly StringBuilder run = new();
    private readonly List<InputPart> said = [];
    private long length;
    private long messageAt;

    /// <summary>UTF-8 bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Something is said of what waits.</summary>
    public bool IsAnnotated => said.Count > 0;

    /// <summary>Another call of the model begins. Nothing waits.</summary>
    public void Begin()
    {
        messageAt = length;
        message.Clear();
    }

    /// <param name="untold">The end of the text, of which its reader has not been told.</param>
    public void Add(string text, string untold)
    {
        message.Append(text);
        run.Append(untold);
        length += PartLimits.BytesOf(text);
        Bytes += PartLimits.BytesOf(untold);
    }

    /// <returns>False: it is said of other text than what waits.</returns>
    public bool TryAnnotate(InputPart source)
    {
        if (run.Length == 0 || !InputSources.IsWithin(source, length - Bytes, length)) return false;
        said.Add(source);
        return true;
    }

    /// <summary>What is said of text that has been told: its places count from the message's beginning.</summary>
    public TextContent Annotated(InputPart source) =>
        new("") { Annotations = InputSources.Annotated(message.ToString(), messageAt, [source]).Annotations };

    /// <summary>Null: nothing waits.</summary>
    public TextContent? Take()
    {
        if (run.Length == 0) return null;
        var content = InputSources.Annotated(run.ToString(), length - Bytes, said);
        run.Clear();
        said.Clear();
        Bytes = 0;
        return content;
    }
}
