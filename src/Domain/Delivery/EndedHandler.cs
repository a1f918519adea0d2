namespace EventSourcedStreams.Domain;

/// <summary>What is to be told of every stream that ends.</summary>
/// <param name="Name">Names its checkpoint in the log: letters and digits (ASCII), <c>.</c>, <c>_</c> and <c>-</c>;
/// another name is a new handler.</param>
/// <param name="HandleAsync">Is told again where it throws.</param>
internal sealed record EndedHandler(string Name, Func<StreamSummary, CancellationToken, Task> HandleAsync)
{
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
