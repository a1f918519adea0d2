namespace EventStore.Client;

public class EventStoreClientOperationOptions
{
    /// <summary>Bytes of events after which an append goes on in another message.</summary>
    internal const int BatchAppendSize = 3 * 1024 * 1024;

    internal EventStoreClientOperationOptions()
    {
    }

    /// <summary>Whether a conflict is thrown as <see cref="WrongExpectedVersionException"/>, or returned.</summary>
    public bool ThrowOnAppendFailure { internal get; set; } = true;

    internal EventStoreClientOperationOptions Clone() => (EventStoreClientOperationOptions)MemberwiseClone();
}
