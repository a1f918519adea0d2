namespace EventSourcedStreams.Domain;

/// <summary>Leaves out a part for which its stream has no room, and says so in the stream.</summary>
internal interface ILimitedAppender : IAppender
{
    /// <returns>A part of the number 0, of which nothing is kept: there is no room for it.</returns>
    /// <inheritdoc cref="IAppender.StartPart"/>
    IPartAppender StartOrLeaveOut(PartStart start);
}
