using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Verifies a store, or an export: stream by stream, findings told as they are found.</summary>
internal interface IVerification
{
    /// <param name="only">Null for all, and for what concerns no one stream. Of these such as are there.</param>
    IAsyncEnumerable<VerifiedStream> StreamsAsync(IReadOnlySet<StreamId>? only, CancellationToken ct);
}
