namespace EventStore.Client;

/// <summary>A connection string that says nothing, or the wrong thing.</summary>
public class ConnectionStringParseException : Exception
{
    internal ConnectionStringParseException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
