namespace EventStore.Client;

/// <summary>What an append expects of a stream where it expects no revision.</summary>
public readonly record struct StreamState
{
    public static readonly StreamState NoStream = new(1);

    public static readonly StreamState Any = new(2);

    public static readonly StreamState StreamExists = new(4);

    private readonly int value;

    private StreamState(int value) => this.value = value;

    /// <summary>−1 no stream, −2 any, −4 exists.</summary>
    public long ToInt64() => -value;

    public override string ToString() => value switch
    {
        1 => nameof(NoStream),
        2 => nameof(Any),
        _ => nameof(StreamExists),
    };

    public static implicit operator int(StreamState streamState) => streamState.value;
}
