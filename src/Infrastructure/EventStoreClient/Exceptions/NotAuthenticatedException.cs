namespace EventStore.Client;

/// <summary>The server does not know the credentials.</summary>
public class NotAuthenticatedException(string message, Exception? innerException = null) : Exception(message, innerException);
