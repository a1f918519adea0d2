using EventSourcedStreams.Domain;
using EventStore.Client;
using StreamState = EventStore.Client.StreamState;

namespace EventSourcedStreams.EventStoreDb;

/// <remarks>What changes the log.</remarks>
internal sealed partial class EventStoreDbStore
{
    public async Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(events.Count);
        ct.ThrowIfCancellationRequested();
        try
        {
            var result = await leader.OnceAsync(
                (client, attempt) => rights.CheckedAsync(Right.Write, stream, WriteAsync(client, stream, expected, events, attempt)), ct).ConfigureAwait(false);
            if (result is AppendOutcome.Appended && stream == options.Prefix.Log) identity.Saw(events[0].Id.Value);
            return result;
        }
        catch (LogUnavailableException e)
        {
            return new AppendOutcome.Unknown(e.Message, e);
        }
    }

    /// <summary>As the port has it; EventStoreDB has no place for <paramref name="metadata"/>.</summary>
    public Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, Domain.EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        leader.RepeatedAsync(
            (client, attempt) => rights.CheckedAsync(Right.Delete, stream, EndAsync(client, stream, expected, attempt)), ct);

    /// <summary>Null: a revision is expected.</summary>
    private static StreamState? StateOf(ExpectedRevision expected) =>
        expected == ExpectedRevision.Any ? StreamState.Any
        : expected == ExpectedRevision.NoStream ? StreamState.NoStream
        : expected == ExpectedRevision.StreamExists ? StreamState.StreamExists
        : null;

    private async ValueTask<AppendOutcome> WriteAsync(
        EventStoreClient client, string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        if (expected == ExpectedRevision.NoStream && MustBeginAtZero(stream)) await ThrowIfTruncatedAsync(client, stream, ct).ConfigureAwait(false);

        // With an activity at hand the client would add its ids to the metadata, which the hash chain covers.
        StreamTracing.MakeCurrent(null);
        var data = events.Select(StoredEvents.ToData);
        var writing = StateOf(expected) is { } some
            ? client.AppendToStreamAsync(stream, some, data, deadline: options.AttemptLimit, cancellationToken: ct)
            : client.AppendToStreamAsync(stream, StreamRevision.FromInt64(expected.Value), data, deadline: options.AttemptLimit, cancellationToken: ct);
        try
        {
            return await OrGiveUp(writing, ct).ConfigureAwait(false) switch
            {
                WrongExpectedVersionResult conflict => new AppendOutcome.Lost(conflict.ActualStreamRevision.ToInt64()),
                var done => await AppendedAsync(client, stream, expected, events.Count, done, ct).ConfigureAwait(false),
            };
        }
        catch (StreamDeletedException)
        {
            return new AppendOutcome.Deleted();
        }
        catch (MaximumAppendSizeExceededException e)
        {
            throw new ArgumentException(
                $"EventStoreDB takes at most {e.MaxAppendSize} bytes in one append. Set its MaxAppendSize to 1 MiB or more.", nameof(events), e);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // What the client throws for an answer that says neither yes nor no.
            return new AppendOutcome.Unknown(e.Message, e);
        }
    }

    private async Task<AppendOutcome> AppendedAsync(
        EventStoreClient client, string stream, ExpectedRevision expected, int count, IWriteResult done, CancellationToken ct)
    {
        var last = done.NextExpectedStreamRevision.ToInt64();
        if (expected == ExpectedRevision.NoStream && last != count - 1 && MustBeginAtZero(stream)) throw TruncatedStream.Found(stream);
        if (done.LogPosition != Position.End && done.LogPosition != default)
            return new AppendOutcome.Appended(last, done.LogPosition.ToLog());

        // A repeat that the server knows, without saying where it stands.
        return await PageAsync(client, stream, last, forward: false, maxCount: 1, ct).ConfigureAwait(false) switch
        {
            StoreRead.Page { Events: [var stored] } => new AppendOutcome.Appended(last, stored.Position),
            StoreRead.Tombstoned => new AppendOutcome.Deleted(),
            _ => new AppendOutcome.Unknown("The event that was appended cannot be read yet.", null),
        };
    }

    private async ValueTask<AppendOutcome> EndAsync(
        EventStoreClient client, string stream, ExpectedRevision expected, CancellationToken ct)
    {
        for (var any = StreamState.Any; ; any = any == StreamState.Any ? StreamState.NoStream : StreamState.Any)
        {
            var state = expected == ExpectedRevision.Any ? any : StateOf(expected);
            try
            {
                var last = expected.Value;
                var done = await OrGiveUp(
                    state is { } some
                        ? client.TombstoneAsync(stream, some, deadline: options.AttemptLimit, cancellationToken: ct)
                        : client.TombstoneAsync(stream, StreamRevision.FromInt64(last), deadline: options.AttemptLimit, cancellationToken: ct),
                    ct).ConfigureAwait(false);
                return new AppendOutcome.Appended(Math.Max(last, -1), done.LogPosition.ToLog());
            }
            catch (StreamDeletedException)
            {
                return new AppendOutcome.Deleted();
            }
            catch (WrongExpectedVersionException e) when (expected != ExpectedRevision.Any)
            {
                return new AppendOutcome.Lost(e.ActualVersion ?? -1);
            }
            catch (WrongExpectedVersionException)
            {
                // "Any" means any that is there; and what was not there may be there now.
                ct.ThrowIfCancellationRequested();
            }
        }
    }
}
