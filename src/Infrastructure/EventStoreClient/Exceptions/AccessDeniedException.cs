namespace EventStore.Client;

/// <summary>The credentials do not allow it.</summary>
public class AccessDeniedException : Exception
{
    internal AccessDeniedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
