using EventSourcedStreams.Domain;
using EventSourcedStreams.OpenAI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds persistent text streams to an app: the event log, the engine that drives streams, the sources <c>upload</c>, <c>demo</c> and
    /// <c>openai</c>. Serve them with <c>MapTextStreams</c>.
    /// </summary>
    /// <param name="configuration">Read for the sections <c>Embedded</c>, <c>Streams</c> and <c>OpenAI</c>; null: defaults.</param>
    /// <param name="configure">Has the last word.</param>
    public static TextStreamsBuilder AddTextStreams(
        this IServiceCollection services, IConfiguration? configuration = null, Action<TextStreamsOptions>? configure = null)
    {
        services.AddOptions<TextStreamsOptions>()
            .Configure(options =>
            {
                if (configuration is not null) options.Read(configuration);
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TextStreamsOptions>, TextStreamsOptionsValidation>();
        services.AddOptions<TextStreamsHttpOptions>()
            .Configure<IOptions<TextStreamsOptions>>((http, streams) => http.Origins = streams.Value.Cors.Origins)
            .PostConfigure<IHostEnvironment>((http, environment) => http.DefaultSource ??= environment.IsDevelopment() ? "demo" : null);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HostOptions>, DrainingTime>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EngineAccess>();
        services.TryAddSingleton<TextStreams>();
        services.AddHostedService<StreamEngineHost>();
        services.AddHealthChecks().AddCheck<EventLogHealthCheck>(EventLogHealthCheck.Name, tags: [EventLogHealthCheck.ReadyTag]);
        services.AddSingleton<ITextSource, UploadSource>();
        services.AddSingleton<ITextSource>(provider => new DemoSource(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITextSource>(provider => new OpenAISource(
            provider.GetRequiredService<IOptions<TextStreamsOptions>>().Value.OpenAI, provider.GetRequiredService<TimeProvider>()));
        return new TextStreamsBuilder(services);
    }
}

internal sealed class TextStreamsOptionsValidation : IValidateOptions<TextStreamsOptions>
{
    public ValidateOptionsResult Validate(string? name, TextStreamsOptions options) =>
        options.Errors().ToArray() is { Length: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}
