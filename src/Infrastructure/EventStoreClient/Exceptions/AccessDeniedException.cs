namespace EventStore.Client;

/// <summary>The credentials do not allow it.</summary>
public class AccessDeniedException : Exception
{
    public AccessDeniedException(string message, Exception innerException) : base(message, innerException)
    {
    }

    public AccessDeniedException() : base("Access denied.")
    {
    }
}
