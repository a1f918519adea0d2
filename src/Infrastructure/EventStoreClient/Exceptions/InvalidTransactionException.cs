namespace EventStore.Client;

/// <summary>The server could not complete the transaction.</summary>
public class InvalidTransactionException : Exception
{
    public InvalidTransactionException()
    {
    }

    public InvalidTransactionException(string message) : base(message)
    {
    }

    public InvalidTransactionException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
