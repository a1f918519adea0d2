using EventSourcedStreams.Domain;
using EventStore.Client;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// The log on EventStoreDB or KurrentDB, one node or a cluster. Appends, and reads that a decision hangs on, go to the
/// leader; following and other reads go where the connection string's <c>nodePreference</c> says. The server that
/// answers after a lost connection has to have the same log.
/// </summary>
internal sealed partial class EventStoreDbStore : IEventStore
{
    private readonly EventStoreDbOptions options;
    private readonly Connection leader;
    private readonly Connection near;
    private readonly IdentityCheck identity;
    private readonly AccessRights rights;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource closed = new();
    private int disposed;

    private EventStoreDbStore(EventStoreDbOptions options, TimeProvider time, ILogger logger)
    {
        this.logger = logger = new HarmlessLogger(logger);
        (this.options, this.time) = (options, time);
        identity = new IdentityCheck(options.Prefix.Log, ReadIdentityAsync, time, logger);
        rights = new AccessRights(time, logger);
        var nearSettings = SettingsOf(options, onLeader: false);
        leader = ConnectionWith(SettingsOf(options, onLeader: true));
        near = nearSettings.ConnectivitySettings.NodePreference == NodePreference.Leader ? leader : ConnectionWith(nearSettings);
    }

    /// <summary>Any number of processes use one store.</summary>
    public bool IsExclusive => false;

    /// <summary>Why not all can be read and written now, in words, for health; null: nothing is known against
    /// it.</summary>
    public string? Problem => identity.Another ?? rights.Problem ?? leader.Problem ?? near.Problem;

    /// <summary>Connects. Nothing is written: neither the log's name nor any limit.</summary>
    /// <exception cref="EventStoreDbRefusedException">The connection string cannot be read.</exception>
    /// <exception cref="LogUnavailableException">The server cannot be reached, or refuses to be read; opening can be
    /// tried again.</exception>
    public static async Task<EventStoreDbStore> OpenAsync(
        EventStoreDbOptions options, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        var log = Create(options, time, logger);
        try
        {
            await log.ConnectAsync(ct).ConfigureAwait(false);
            return log;
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A store that has not asked any server yet: <see cref="ConnectAsync"/> does.</summary>
    /// <exception cref="EventStoreDbRefusedException">The connection string cannot be read.</exception>
    public static EventStoreDbStore Create(EventStoreDbOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EventStoreDbStore(options, time, logger);
    }

    /// <summary>One try, which may be repeated.</summary>
    /// <exception cref="LogUnavailableException">The server cannot be reached, or refuses to be read.</exception>
    public Task ConnectAsync(CancellationToken ct) => leader.EnsureAsync(ct);

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

    private Connection ConnectionWith(EventStoreClientSettings settings) =>
        new(options, settings, identity.EnsureAsync, AnswersAsync, identity.Lost, time, logger);

    private async Task<Guid?> ReadIdentityAsync(CancellationToken ct) =>
        await leader.AskAsync(async (client, attempt) => await IdentityAsync(client, attempt).ConfigureAwait(false), ct).ConfigureAwait(false);

    private async Task<Guid?> IdentityAsync(EventStoreClient client, CancellationToken ct) =>
        await rights.CheckedAsync(Right.Read, options.Prefix.Log, PageAsync(client, options.Prefix.Log, from: 0, forward: true, maxCount: 1, ct)).ConfigureAwait(false)
            is StoreRead.Page { Events: [var named] }
            ? named.Id.Value
            : null;

    /// <summary>Returns where a node answers at all, whatever it says.</summary>
    private async Task AnswersAsync(EventStoreClient client, CancellationToken ct)
    {
        try
        {
            await OrGiveUp(IdentityAsync(client, ct), ct).ConfigureAwait(false);
        }
        catch (LogUnavailableException)
        {
            // It lacks a right, which another client would lack too.
        }
    }

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
