using System.Diagnostics;
using EventSourcedStreams.Domain;
using EventStore.Client;
using Microsoft.Extensions.Logging;
using StreamState = EventStore.Client.StreamState;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// The log on EventStoreDB or KurrentDB, one node or a cluster. Appends, and reads that a decision hangs on, go to the
/// leader; following and other reads go where the connection string's <c>nodePreference</c> says. The server that
/// answers after a lost connection has to have the same log.
/// </summary>
internal sealed partial class EventStoreDbStore : IEventStore
{
    private readonly EventStoreDbOptions options;
    private readonly EventStoreClient leader;
    private readonly EventStoreClient near;
    private readonly Circuit circuit;
    private readonly IdentityCheck identity;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource closed = new();
    private int disposed;

    private EventStoreDbStore(EventStoreDbOptions options, TimeProvider time, ILogger logger)
    {
        (this.options, this.time, this.logger) = (options, time, logger);
        leader = new EventStoreClient(SettingsOf(options, onLeader: true));
        var nearSettings = SettingsOf(options, onLeader: false);
        near = nearSettings.ConnectivitySettings.NodePreference == NodePreference.Leader ? leader : new EventStoreClient(nearSettings);
        identity = new IdentityCheck(options.Prefix.Log, ReadIdentityAsync, time, logger);
        circuit = new Circuit(options, time, logger, identity.Lost);
    }

    /// <summary>Any number of processes use one store.</summary>
    public bool IsExclusive => false;

    /// <summary>Why nothing can be written now, in words, for health; null: nothing is known against it.</summary>
    public string? Problem => identity.Another ?? circuit.Problem;

    /// <summary>Connects. Nothing is written: neither the log's name nor any limit.</summary>
    /// <exception cref="EventStoreDbRefusedException">The connection string cannot be read.</exception>
    /// <exception cref="LogUnavailableException">The server cannot be reached, or refuses to be read; opening can be
    /// tried again.</exception>
    public static async Task<EventStoreDbStore> OpenAsync(
        EventStoreDbOptions options, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var log = new EventStoreDbStore(options, time, logger);
        try
        {
            await log.circuit.OnceAsync(log.EnsureIdentityAsync, ct).ConfigureAwait(false);
            return log;
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<AppendOutcome> AppendAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(events.Count);
        ct.ThrowIfCancellationRequested();
        try
        {
            var result = await circuit.OnceAsync(attempt => WriteAsync(stream, expected, events, attempt), ct).ConfigureAwait(false);
            if (result is AppendOutcome.Appended && stream == options.Prefix.Log) identity.Saw(events[0].Id.Value);
            return result;
        }
        catch (LogUnavailableException e)
        {
            return new AppendOutcome.Unknown(e.Message, e);
        }
    }

    /// <summary>As the port has it; EventStoreDB has no place for <paramref name="metadata"/>.</summary>
    public async Task<AppendOutcome> TombstoneAsync(
        string stream, ExpectedRevision expected, Domain.EventId id, ReadOnlyMemory<byte> metadata, CancellationToken ct) =>
        await circuit.RepeatedAsync(
            async attempt =>
            {
                await EnsureIdentityAsync(attempt).ConfigureAwait(false);
                for (var any = StreamState.Any; ; any = any == StreamState.Any ? StreamState.NoStream : StreamState.Any)
                {
                    var state = expected == ExpectedRevision.Any ? any : StateOf(expected);
                    try
                    {
                        var last = expected.Value;
                        var done = await OrGiveUp(
                            state is { } some
                                ? leader.TombstoneAsync(stream, some, cancellationToken: attempt)
                                : leader.TombstoneAsync(stream, StreamRevision.FromInt64(last), cancellationToken: attempt),
                            attempt).ConfigureAwait(false);
                        return new AppendOutcome.Appended(Math.Max(last, -1), done.LogPosition.ToLog());
                    }
                    catch (StreamDeletedException)
                    {
                        return (AppendOutcome)new AppendOutcome.Deleted();
                    }
                    catch (WrongExpectedVersionException e) when (expected != ExpectedRevision.Any)
                    {
                        return new AppendOutcome.Lost(e.ActualVersion ?? -1);
                    }
                    catch (WrongExpectedVersionException)
                    {
                        // "Any" means any that is there; and what was not there may be there now.
                        attempt.ThrowIfCancellationRequested();
                    }
                }
            },
            ct).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await closed.CancelAsync().ConfigureAwait(false);
        if (near != leader) await near.DisposeAsync().ConfigureAwait(false);
        await leader.DisposeAsync().ConfigureAwait(false);
        identity.Dispose();
        closed.Dispose();
    }

    private static EventStoreClientSettings SettingsOf(EventStoreDbOptions options, bool onLeader)
    {
        var settings = ConnectionSettings.Parse(options.ConnectionString);
        settings.OperationOptions.ThrowOnAppendFailure = false;                  // a conflict is a value
        if (onLeader) settings.ConnectivitySettings.NodePreference = NodePreference.Leader;
        return settings;
    }

    /// <summary>Null: a revision is expected.</summary>
    private static StreamState? StateOf(ExpectedRevision expected) =>
        expected == ExpectedRevision.Any ? StreamState.Any
        : expected == ExpectedRevision.NoStream ? StreamState.NoStream
        : expected == ExpectedRevision.StreamExists ? StreamState.StreamExists
        : null;

    private async ValueTask<AppendOutcome> WriteAsync(
        string stream, ExpectedRevision expected, IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        await EnsureIdentityAsync(ct).ConfigureAwait(false);

        // With an activity at hand the client would add its ids to the metadata, which the hash chain covers.
        Activity.Current = null;
        var data = events.Select(StoredEvents.ToData);
        var writing = StateOf(expected) is { } some
            ? leader.AppendToStreamAsync(stream, some, data, cancellationToken: ct)
            : leader.AppendToStreamAsync(stream, StreamRevision.FromInt64(expected.Value), data, cancellationToken: ct);
        try
        {
            return await OrGiveUp(writing, ct).ConfigureAwait(false) switch
            {
                WrongExpectedVersionResult conflict => new AppendOutcome.Lost(conflict.ActualStreamRevision.ToInt64()),
                var done => await AppendedAsync(stream, done, ct).ConfigureAwait(false),
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

    private async Task<AppendOutcome> AppendedAsync(string stream, IWriteResult done, CancellationToken ct)
    {
        var last = done.NextExpectedStreamRevision.ToInt64();
        if (done.LogPosition != Position.End && done.LogPosition != default)
            return new AppendOutcome.Appended(last, done.LogPosition.ToLog());

        // A repeat that the server knows, without saying where it stands.
        return await PageAsync(leader, stream, last, forward: false, maxCount: 1, ct).ConfigureAwait(false) switch
        {
            StoreRead.Page { Events: [var stored] } => new AppendOutcome.Appended(last, stored.Position),
            StoreRead.Tombstoned => new AppendOutcome.Deleted(),
            _ => new AppendOutcome.Unknown("The event that was appended cannot be read yet.", null),
        };
    }

    private async ValueTask<bool> EnsureIdentityAsync(CancellationToken ct)
    {
        await identity.EnsureAsync(ct).ConfigureAwait(false);
        return true;
    }

    private async Task<Guid?> ReadIdentityAsync(CancellationToken ct) =>
        await PageAsync(leader, options.Prefix.Log, from: 0, forward: true, maxCount: 1, ct).ConfigureAwait(false)
            is StoreRead.Page { Events: [var named] }
            ? named.Id.Value
            : null;

    /// <summary>Waits no longer than asked: in a batch of many appends the client cannot call a single one
    /// back.</summary>
    private static async Task<T> OrGiveUp<T>(Task<T> call, CancellationToken ct)
    {
        try
        {
            return await call.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The call is no longer awaited, and only the log knows its outcome.
            _ = call.ContinueWith(
                static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
