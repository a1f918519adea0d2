namespace EventStore.Client;

/// <summary>What an append expects of a stream where it expects no revision.</summary>
public readonly record struct StreamState
{
    public static readonly StreamState NoStream = new(1);

    public static readonly StreamState Any = new(2);

    public static readonly StreamState StreamExists = new(4);

    private readonly int value;

    private StreamState(int value) => this.value = value;

    public override string ToString() => value switch
    {
        1 => nameof(NoStream),
        2 => nameof(Any),
        _ => nameof(StreamExists),
    };
}
