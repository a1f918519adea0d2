using EventSourcedStreams;
using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers handlers of endings.</summary>
public static class OnEndedExtensions
{
    /// <summary>
    /// Hands every stream that ends to a handler, at least once, on one node, from where it has come: that stands in the event log. A
    /// handler that fails is tried again, and <c>/health/ready</c> says degraded until it succeeds. The same handler twice is there once.
    /// </summary>
    /// <typeparam name="THandler">Made by the app's services, scoped unless the app registers it otherwise.</typeparam>
    /// <param name="name">Under which the log keeps how far the handler has come: 1 to 100 letters, digits, '.', '_' or '-'. Another name
    /// is a new handler, which sees what ends from its first start on. Null: the class's own name, so that renaming the class is a new handler.</param>
    /// <exception cref="ArgumentException">Not such a name, or another handler has it.</exception>
    public static TextStreamsBuilder OnEnded<THandler>(this TextStreamsBuilder streams, string? name = null)
        where THandler : class, IStreamEndedHandler
    {
        ArgumentNullException.ThrowIfNull(streams);
        var registration = new EndedHandlerRegistration(name ?? typeof(THandler).Name, typeof(THandler));
        if (!EndedHandler.IsName(registration.Name))
            throw new ArgumentException(
                $"'{registration.Name}' is no name for a handler: give one of 1 to 100 letters, digits, '.', '_' or '-', as OnEnded<T>(\"billing\").",
                nameof(name));

        var services = streams.Services;
        foreach (var there in services.Select(service => service.ImplementationInstance).OfType<EndedHandlerRegistration>())
        {
            if (there == registration) return streams;
            if (there.Name == registration.Name)
                throw new ArgumentException(
                    $"{there.Type} has the name '{there.Name}' already: give {typeof(THandler)} another one, as OnEnded<T>(\"billing\").", nameof(name));
        }

        if (!services.Any(service => service.ServiceType == typeof(EndedHandlerRegistration)))
            services.AddHealthChecks().AddCheck<EndedHandlersHealthCheck>(EndedHandlersHealthCheck.Name, tags: [EventLogHealthCheck.ReadyTag]);
        services.AddSingleton(registration);
        services.TryAddScoped<THandler>();
        return streams;
    }
}
