using Polly;
using Polly.Retry;

namespace EventSourcedStreams.OpenAI;

/// <summary>How providers are connected to, and asked again: up to three times in all, while a model has made
/// nothing.</summary>
internal static class ProviderTries
{
    private const int Tries = 3;

    public static ResiliencePipeline<T> Pipeline<T>(TimeProvider time) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<T>
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is ProviderFault { MayRetry: true }),
                MaxRetryAttempts = Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
                DelayGenerator = attempt => ValueTask.FromResult((attempt.Outcome.Exception as ProviderFault)?.RetryAfter),
            })
            .Build();

    public static SocketsHttpHandler Connections() => new()
    {
        AllowAutoRedirect = false, // a POST with a key goes where it was configured to, and nowhere else
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows a changed DNS entry
        MaxResponseDrainSize = 0, // an answer that is left is cut at once, so that the provider stops making it
    };
}
