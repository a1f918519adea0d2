using EventSourcedStreams.Domain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>All that one app's calls of <c>AddTextStreams</c>, and of what it gives back, have said; there is one in an
/// app.</summary>
internal sealed class TextStreamsRegistrations
{
    private readonly List<SourceRegistration> sources = [];

    public IReadOnlyList<SourceRegistration> Sources => sources;

    public Func<IServiceProvider, IEventStoreOpener?>? EventStore { get; set; }

    /// <summary>Where our keys are; until a call says so, the section <c>TextStreams</c> of the app's
    /// configuration.</summary>
    public IConfiguration? Section { get; set; }

    /// <summary>Our keys lie beside those of others, as in the ready-made host.</summary>
    public bool IsRoot { get; set; }

    /// <summary>Sections that a package has made known, by name, and the type that holds their keys.</summary>
    public Dictionary<string, Type> Sections { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="isFirst">Nothing has been registered before.</param>
    public static TextStreamsRegistrations Of(IServiceCollection services, out bool isFirst)
    {
        var there = services.FirstOrDefault(service => service.ServiceType == typeof(TextStreamsRegistrations))?.ImplementationInstance;
        isFirst = there is null;
        if (there is TextStreamsRegistrations registrations) return registrations;
        registrations = new TextStreamsRegistrations();
        services.AddSingleton(registrations);
        return registrations;
    }

    /// <summary>Added twice it is there once, and open to clients if it was opened once.</summary>
    public void Add(SourceRegistration source)
    {
        if (sources.Find(there => there.Replaces == source.Replaces && there.Key.Equals(source.Key)) is { } same) same.Clients |= source.Clients;
        else sources.Add(source);
    }
}
