using EventSourcedStreams.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client for text streams to an app.</summary>
public static class TextStreamsClientServiceCollectionExtensions
{
    /// <summary>The name of its <see cref="HttpClient"/>.</summary>
    private const string Name = "EventSourcedStreams";

    /// <summary>Adds <see cref="TextStreamsClient"/>, as a singleton.</summary>
    /// <param name="baseAddress">Where streams are served, as <c>https://streams.example.com/v1/streams</c>.</param>
    /// <returns>The builder of its <see cref="HttpClient"/>, to which an app may add handlers of its own.</returns>
    public static IHttpClientBuilder AddTextStreamsClient(this IServiceCollection services, Uri baseAddress) =>
        services.AddTextStreamsClient(options => options.BaseAddress = baseAddress);

    /// <inheritdoc cref="AddTextStreamsClient(IServiceCollection, Uri)"/>
    public static IHttpClientBuilder AddTextStreamsClient(this IServiceCollection services, Action<TextStreamsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<TextStreamsClientOptions>().Configure(configure);
        services.TryAddSingleton(provider => new TextStreamsClient(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            provider.GetRequiredService<IOptions<TextStreamsClientOptions>>().Value,
            provider.GetRequiredService<ILogger<TextStreamsClient>>()));
        var http = services.AddHttpClient(Name, client => client.Timeout = Timeout.InfiniteTimeSpan);
        if (services.Any(service => service.ServiceType == typeof(Added))) return http;
        services.AddSingleton<Added>();
        http.AddResilienceHandler("tries", static (pipeline, context) => AddTries(
            pipeline, context.ServiceProvider.GetRequiredService<IOptions<TextStreamsClientOptions>>().Value));
        return http;
    }

    /// <summary>Of what did not get through, or was refused for the moment. All that is sent may be sent twice: a
    /// stream has its id from here, and is driven once, whichever claim is first.</summary>
    private static void AddTries(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TextStreamsClientOptions options)
    {
        if (options.Retries == 0) return;
        pipeline.TimeProvider = options.TimeProvider;
        pipeline.AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            MaxDelay = options.MaxRetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome switch
            {
                { Exception: HttpRequestException } => true,
                { Result: { } answer } => IsForTheMoment(answer, options),
                _ => false,
            }),
        });
    }

    private static bool IsForTheMoment(HttpResponseMessage answer, TextStreamsClientOptions options) =>
        (int)answer.StatusCode is 408 or 429 or 502 or 503 or 504 && !(RetryAfterHeader.Of(answer, options.TimeProvider) > options.MaxRetryDelay);

    /// <summary>Twice is once.</summary>
    private sealed class Added;
}
