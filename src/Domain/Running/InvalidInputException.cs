namespace EventSourcedStreams;

/// <summary>A stream's input is not what its source takes.</summary>
/// <param name="field">The field's path in the body, as <c>input.rate</c>.</param>
public sealed class InvalidInputException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
