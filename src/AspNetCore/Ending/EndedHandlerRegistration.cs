using EventSourcedStreams.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A handler of endings that the app has registered.</summary>
internal sealed record EndedHandlerRegistration(string Name, Type Type);

/// <summary>The app's handlers, as the engine calls them.</summary>
internal sealed class EndedHandlers(IEnumerable<EndedHandlerRegistration> registrations, IServiceScopeFactory scopes)
{
    public IReadOnlyList<EndedHandler> All { get; } =
        [.. registrations.Select(handler => new EndedHandler(handler.Name, (stream, ct) => HandleAsync(scopes, handler.Type, stream, ct)))];

    private static async Task HandleAsync(IServiceScopeFactory scopes, Type type, StreamSummary stream, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await ((IStreamEndedHandler)scope.ServiceProvider.GetRequiredService(type)).HandleAsync(stream, ct);
    }
}
