namespace EventSourcedStreams.Client;

/// <summary>A stream's text.</summary>
/// <param name="Revision">The event up to which it is; null: the server did not say.</param>
public sealed record StreamText(string Text, long? Revision)
{
    public override string ToString() => Text;
}
