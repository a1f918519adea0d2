using EventSourcedStreams.Domain;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer;

internal static class ExpectedRevisions
{
    /// <summary>No stream has a larger revision than a tombstone's, so that one is expected in vain.</summary>
    public static ExpectedRevision Exactly(ulong revision) =>
        ExpectedRevision.Exactly(Revision.From((long)Math.Min(revision, long.MaxValue - 1)));

    /// <summary>As a request has it: one of these, and the others are null.</summary>
    /// <param name="options">EventStoreDB's name for what holds it, which a request without any is told.</param>
    /// <exception cref="Grpc.Core.RpcException">There is none.</exception>
    public static ExpectedRevision Read(ulong? revision, IMessage? noStream, IMessage? any, IMessage? streamExists, string options) =>
        revision is { } exactly ? Exactly(exactly)
        : noStream is not null ? ExpectedRevision.NoStream
        : any is not null ? ExpectedRevision.Any
        : streamExists is not null ? ExpectedRevision.StreamExists
        : throw Refused.Invalid(NoneOf(options));

    /// <inheritdoc cref="Read" path="/param"/>
    public static string NoneOf(string options) => $"'None' is not a valid EventStore.Client.Streams.{options}";
}
