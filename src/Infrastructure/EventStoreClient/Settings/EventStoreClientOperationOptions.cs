namespace EventStore.Client;

public class EventStoreClientOperationOptions
{
    public static EventStoreClientOperationOptions Default => new()
    {
        ThrowOnAppendFailure = true,
        BatchAppendSize = 3 * 1024 * 1024,
    };

    /// <summary>Whether a conflict is thrown as <see cref="WrongExpectedVersionException"/>, or returned.</summary>
    public bool ThrowOnAppendFailure { get; set; }

    /// <summary>Bytes of events after which an append goes on in another message.</summary>
    public int BatchAppendSize { get; set; }

    /// <summary>The value of the header <c>authorization</c>.</summary>
    public Func<UserCredentials, CancellationToken, ValueTask<string>> GetAuthenticationHeaderValue { get; set; } =
        (credentials, _) => ValueTask.FromResult(credentials.ToString());

    public EventStoreClientOperationOptions Clone() => (EventStoreClientOperationOptions)MemberwiseClone();
}
