namespace EventStore.Client;

/// <summary>The server does not know the credentials.</summary>
public class NotAuthenticatedException : Exception
{
    internal NotAuthenticatedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
