namespace EventStore.Client;

public readonly record struct PrefixFilterExpression
{
    public static readonly PrefixFilterExpression None;

    private readonly string? value;

    public PrefixFilterExpression(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
    }

    public override string? ToString() => value;

    public static implicit operator string?(PrefixFilterExpression value) => value.value;
}
