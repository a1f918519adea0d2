using EventSourcedStreams.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A handler of endings that the app has registered, once, under a name that no other has.</summary>
internal sealed record EndedHandlerRegistration(string Name, Type Handler)
{
    /// <exception cref="ArgumentException">The name cannot be stored, or another handler has it.</exception>
    public static void Add<THandler>(IServiceCollection services, string? name) where THandler : class, IStreamEndedHandler
    {
        var added = new EndedHandlerRegistration(name ?? typeof(THandler).Name, typeof(THandler));
        if (!EndedHandler.IsName(added.Name))
            throw new ArgumentException(
                $"'{added.Name}' is no name for a handler: give one of 1 to 100 letters, digits, '.', '_' or '-', as OnEnded<T>(\"billing\").",
                nameof(name));

        foreach (var there in services.Select(service => service.ImplementationInstance).OfType<EndedHandlerRegistration>())
        {
            if (there == added) return;
            if (there.Name == added.Name)
                throw new ArgumentException(
                    $"{there.Handler} has the name '{there.Name}' already: give {typeof(THandler)} another one, as OnEnded<T>(\"billing\").", nameof(name));
        }

        if (!services.Any(service => service.ServiceType == typeof(EndedHandlerRegistration)))
            services.AddHealthChecks().AddCheck<EndedHandlersHealthCheck>(EndedHandlersHealthCheck.Name, tags: [EventLogHealthCheck.ReadyTag]);
        services.AddSingleton(added);
        services.TryAddScoped<THandler>();
    }
}

/// <summary>The app's handlers, as the engine calls them.</summary>
internal sealed class EndedHandlers(IEnumerable<EndedHandlerRegistration> registrations, IServiceScopeFactory scopes)
{
    public IReadOnlyList<EndedHandler> All { get; } =
        [.. registrations.Select(each => new EndedHandler(each.Name, (stream, ct) => HandleAsync(scopes, each.Handler, stream, ct)))];

    private static async Task HandleAsync(IServiceScopeFactory scopes, Type type, StreamSummary stream, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await ((IStreamEndedHandler)scope.ServiceProvider.GetRequiredService(type)).HandleAsync(stream, ct);
    }
}
