namespace EventStore.Client;

/// <summary>A <see cref="SuccessResult"/>, or a <see cref="WrongExpectedVersionResult"/> where conflicts are not
/// thrown.</summary>
public interface IWriteResult
{
    Position LogPosition { get; }

    /// <summary>What the next append to the stream would expect.</summary>
    StreamRevision NextExpectedStreamRevision { get; }
}
