using System.Diagnostics.Metrics;
using EventSourcedStreams;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts persistent text streams into an app.</summary>
public static class TextStreamsServiceCollectionExtensions
{
    /// <summary>
    /// Adds persistent text streams to an app: the embedded event store, the engine that drives streams, and
    /// <see cref="TextStreams"/> for the app's own code. Add sources to what is returned, and serve streams with
    /// <c>MapTextStreams</c>. Called twice it is there once.
    /// </summary>
    /// <remarks>Reads the section <c>TextStreams</c> of the app's configuration, and nothing beside it; a key that is
    /// not known there, or is out of range, keeps the app from starting.</remarks>
    /// <param name="configure">Has the last word over the configuration.</param>
    public static TextStreamsBuilder AddTextStreams(this IServiceCollection services, Action<TextStreamsOptions>? configure = null) =>
        Add(services, null, isRoot: false, configure);

    /// <inheritdoc cref="AddTextStreams(IServiceCollection, Action{TextStreamsOptions})"/>
    /// <param name="section">The section to read instead of <c>TextStreams</c>. Of a whole configuration its section
    /// <c>TextStreams</c> is read: what lies at an app's root is the app's own.</param>
    public static TextStreamsBuilder AddTextStreams(
        this IServiceCollection services, IConfiguration section, Action<TextStreamsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, section is IConfigurationRoot ? section.GetSection(TextStreamsSection.Name) : section, isRoot: false, configure);
    }

    /// <summary>As the ready-made host does: our keys lie at the root of the configuration, beside those of
    /// others.</summary>
    internal static TextStreamsBuilder AddTextStreamsAtRoot(this IServiceCollection services, IConfiguration root) =>
        Add(services, root, isRoot: true, configure: null);

    private static TextStreamsBuilder Add(
        IServiceCollection services, IConfiguration? section, bool isRoot, Action<TextStreamsOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registrations = TextStreamsRegistrations.Of(services, out var isFirst);
        if (section is not null) (registrations.Section, registrations.IsRoot) = (section, isRoot);
        if (isFirst) AddServices(services);
        if (configure is not null) services.Configure(configure);
        return new TextStreamsBuilder(services, registrations);
    }

    /// <summary>Around what the app has chosen before; what it chooses later goes before ours.</summary>
    private static void AddProblemsOfPolicies(IServiceCollection services)
    {
        var chosen = services.LastOrDefault(service => service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => new RefusedByPolicy(
            (IAuthorizationMiddlewareResultHandler?)(chosen?.ImplementationInstance
                ?? chosen?.ImplementationFactory?.Invoke(provider)
                ?? (chosen?.ImplementationType is { } type ? ActivatorUtilities.CreateInstance(provider, type) : null))
            ?? new AuthorizationMiddlewareResultHandler()));
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddOptions<TextStreamsOptions>()
            .Configure<TextStreamsSection>((options, section) => options.Read(section))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TextStreamsOptions>>(provider =>
            new SectionValidation<TextStreamsOptions>(provider.GetRequiredService<TextStreamsSection>().Path, options => options.Errors()));
        services.AddOptions<TextStreamsHttpOptions>().PostConfigure<IServiceProvider>((http, provider) => http.Complete(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HostOptions>, DrainingTime>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new TextStreamsSection(provider.GetRequiredService<TextStreamsRegistrations>(), provider.GetService<IConfiguration>()));
        services.TryAddSingleton(provider => new TextSources(provider.GetRequiredService<TextStreamsRegistrations>(), provider));
        services.AddMetrics();
        services.TryAddSingleton(provider => new StreamMetrics(provider.GetRequiredService<IMeterFactory>().Create(TextStreamsTelemetry.Name)));
        services.TryAddSingleton<EngineAccess>();
        services.TryAddSingleton<IEndpointAddressScheme<LinkedRoute>, LinkedRoutes>();
        services.TryAddSingleton(provider => new EndedHandlers(
            provider.GetServices<EndedHandlerRegistration>(), provider.GetRequiredService<IServiceScopeFactory>()));
        services.TryAddSingleton(provider => new TextStreams(
            provider.GetRequiredService<EngineAccess>(), provider.GetRequiredService<IOptions<TextStreamsHttpOptions>>()));
        services.TryAddSingleton<ITextStreams>(provider => provider.GetRequiredService<TextStreams>());
        AddProblemsOfPolicies(services);
        services.AddHostedService<StreamEngineHost>();
        services.AddHealthChecks().AddCheck<EventLogHealthCheck>(EventLogHealthCheck.Name, tags: [EventLogHealthCheck.ReadyTag]);
    }
}
