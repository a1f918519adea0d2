using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace EventSourcedStreams.EventStoreDb;

/// <summary>
/// Everything asked of EventStoreDB goes through here. Each try has a limit; what may be repeated is, with jitter; a
/// server that fails again and again is left alone for a moment, and a call meanwhile fails at once.
/// </summary>
internal sealed class Circuit
{
    /// <summary>Failures within <see cref="Sampling"/>, and at least half of the tries, open the circuit.</summary>
    private const int MinimumFailures = 4;

    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(10);

    private readonly CircuitBreakerStateProvider state = new();
    private readonly CircuitBreakerManualControl control = new();
    private readonly ResiliencePipeline once;
    private readonly ResiliencePipeline repeated;
    private readonly TimeSpan repeatLimit;
    private readonly Action onLost;
    private volatile bool away;
    private volatile string lastFailure = "It has not answered yet.";

    /// <param name="onLost">Called when the server, or the way to it, has failed: the next answer may come from another
    /// one.</param>
    public Circuit(EventStoreDbOptions options, TimeProvider time, ILogger logger, Action onLost)
    {
        this.onLost = onLost;
        repeatLimit = options.RepeatLimit;
        var breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(e => Faults.IsOutage(e) && e is not ClientReplacedException),
                FailureRatio = 0.5,
                MinimumThroughput = MinimumFailures,
                SamplingDuration = Sampling,
                BreakDuration = options.BreakDuration,
                StateProvider = state,
                ManualControl = control,
                OnOpened = _ =>
                {
                    if (!away) logger.StoreAway(lastFailure);
                    away = true;                                                 // said once, not at every try
                    return default;
                },
                OnClosed = _ =>
                {
                    if (away) logger.StoreBack();
                    away = false;
                    return default;
                },
            })
            .Build();
        once = new ResiliencePipelineBuilder { TimeProvider = time }.AddPipeline(breaker).AddTimeout(options.AttemptLimit).Build();
        repeated = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(options.RepeatLimit)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(e => Faults.IsOutage(e) || e is BrokenCircuitException),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddPipeline(once)
            .Build();
    }

    /// <summary>Why the server is being left alone, in words; null: it is not.</summary>
    public string? Problem => state.CircuitState is CircuitState.Closed ? null : lastFailure;

    /// <summary>For what must not be sent again by itself.</summary>
    /// <exception cref="LogUnavailableException">There is no answer: whether it was done is not known.</exception>
    public Task<T> OnceAsync<T>(Func<CancellationToken, ValueTask<T>> act, CancellationToken ct) => RunAsync(once, act, ct);

    /// <summary>For what may be done twice.</summary>
    /// <exception cref="LogUnavailableException">There was no answer within the limit.</exception>
    public Task<T> RepeatedAsync<T>(Func<CancellationToken, ValueTask<T>> act, CancellationToken ct) => RunAsync(repeated, act, ct);

    /// <summary>The server that answers next has not failed yet.</summary>
    public Task CloseAsync() => control.CloseAsync();

    /// <summary>To be told of what failed outside of here, as a subscription does.</summary>
    public void Lost(Exception e)
    {
        lastFailure = Faults.Words(e);
        onLost();
    }

    private async Task<T> RunAsync<T>(ResiliencePipeline pipeline, Func<CancellationToken, ValueTask<T>> act, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(AttemptAsync, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BrokenCircuitException || (e is TimeoutRejectedException limit && limit.Timeout == repeatLimit))
        {
            throw new LogUnavailableException(lastFailure, e);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            throw Faults.Unavailable(e);
        }

        async ValueTask<T> AttemptAsync(CancellationToken attempt)
        {
            try
            {
                return await act(attempt).ConfigureAwait(false);
            }
            catch (Exception e) when (attempt.IsCancellationRequested && (Faults.IsOutage(e) || e is OperationCanceledException))
            {
                // The client has several ways to say that a call was cancelled. The token that fired decides what it
                // means.
                if (!ct.IsCancellationRequested) Lost(new TimeoutException(null, e));
                throw e as OperationCanceledException ?? new OperationCanceledException(e.Message, e, attempt);
            }
            catch (Exception e) when (Faults.IsUnavailable(e))
            {
                Lost(e);
                throw;
            }
        }
    }
}
