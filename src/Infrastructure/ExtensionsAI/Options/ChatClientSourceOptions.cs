using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What a source that asks a chat client opens to the inputs of its streams, and adds to each.</summary>
public sealed class ChatClientSourceOptions
{
    private readonly Dictionary<string, Func<IServiceProvider, AITool>> tools = new(StringComparer.Ordinal);

    /// <summary>For inputs that name none; null: the client's own.</summary>
    public string? Model { get; set; }

    /// <summary>Names that an input's <c>model</c> may have, beside <see cref="Model"/>. Default: none.</summary>
    public ISet<string> Models { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Go before the messages of every input. Not stored.</summary>
    public string? Instructions { get; set; }

    /// <summary>What an input does not set is taken from here; its tools are offered to every answer. Cloned for
    /// each.</summary>
    public ChatOptions? Defaults { get; set; }

    /// <summary>How often a call of the model that failed before its first content is tried again; 0 to 10.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>The service behind the client, as streams tell it; at most 256 characters.</summary>
    public string? Provider { get; set; }

    internal IReadOnlyDictionary<string, Func<IServiceProvider, AITool>> Tools => tools;

    /// <summary>Opens a tool: an input may name it, and one that names none has all that are open. A function runs in
    /// this process while the answer waits.</summary>
    public ChatClientSourceOptions AddTool(AITool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return AddTool(tool.Name, _ => tool);
    }

    /// <inheritdoc cref="AddTool(AITool)"/>
    /// <param name="name">As inputs name it; the tool itself has the same.</param>
    /// <param name="create">Called for each answer, with services whose scope lasts as long as it.</param>
    public ChatClientSourceOptions AddTool(string name, Func<IServiceProvider, AITool> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        tools[name] = create;
        return this;
    }
}
