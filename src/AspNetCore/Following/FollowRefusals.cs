using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What is answered at once to a follower, by what its stream is and what the follower has of it.</summary>
internal static class FollowRefusals
{
    /// <summary>Null: there is something to follow.</summary>
    public static IResult? Of(StreamId stream, AskedCursor cursor, LastEvents? end) => StreamState.After(end?.Decisive) switch
    {
        StreamState.Missing => Refusals.UnknownStream(stream),
        StreamState.Deleted => Refusals.Deleted(),
        StreamState.Ended when cursor.After >= end!.Decisive.Revision => Results.NoContent(),
        _ when cursor.After > end!.Last.Revision => Refusals.CursorPastEnd(cursor.Field, cursor.After, end.Last.Revision),
        _ => null,
    };
}
