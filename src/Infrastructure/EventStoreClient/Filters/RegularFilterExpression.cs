using System.Text.RegularExpressions;

namespace EventStore.Client;

/// <summary>A regular expression that the server runs.</summary>
public readonly record struct RegularFilterExpression
{
    public static readonly RegularFilterExpression None;

    public static readonly RegularFilterExpression ExcludeSystemEvents = new(@"^[^\$].*");

    private readonly string? value;

    public RegularFilterExpression(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
    }

    public RegularFilterExpression(Regex value)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value.ToString();
    }

    public override string? ToString() => value;

    public static implicit operator string?(RegularFilterExpression value) => value.value;
}
