using EventSourcedStreams;
using EventSourcedStreams.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Text streams without a folder, for the tests of an app.</summary>
public static class InMemoryTextStreamsExtensions
{
    /// <summary>
    /// Keeps an app's text streams in memory, whatever else was added or configured: nothing outlives the app, and
    /// nothing is left behind. Call it in place of <c>AddTextStreams</c>, or after the app has called that.
    /// </summary>
    /// <param name="clock">Times everything that text streams time, as a clock that stands until a test advances it;
    /// null: the app's own.</param>
    /// <returns>As <c>AddTextStreams</c>: a source that a test adds takes the place of the app's of that name, and is
    /// open to clients where that was; any other goes beside the app's.</returns>
    public static TextStreamsBuilder AddInMemoryTextStreams(this IServiceCollection services, TimeProvider? clock = null)
    {
        if (clock is not null) services.Replace(ServiceDescriptor.Singleton(clock));
        var streams = services.AddTextStreams();
        services.TryAddSingleton(provider => new InMemoryStore(provider.GetRequiredService<TimeProvider>()));
        ((ITextStreamsBuilder)streams).UseEventStore(provider => new InMemoryOpener(provider.GetRequiredService<InMemoryStore>()));
        return streams.Replacing();
    }
}
