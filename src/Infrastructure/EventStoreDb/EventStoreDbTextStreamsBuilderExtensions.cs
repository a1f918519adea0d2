using EventSourcedStreams;
using EventSourcedStreams.EventStoreDb;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an app's text streams on EventStoreDB or KurrentDB.</summary>
public static class EventStoreDbTextStreamsBuilderExtensions
{
    /// <summary>
    /// Keeps streams on EventStoreDB or KurrentDB instead of the embedded event store; any number of processes use one.
    /// Reads the section <c>EventStore</c> below that of text streams, as
    /// <c>TextStreams:EventStore:ConnectionString</c>.
    /// </summary>
    /// <param name="configure">Has the last word over the configuration.</param>
    public static TBuilder UseEventStoreDb<TBuilder>(this TBuilder streams, Action<EventStoreOptions>? configure = null)
        where TBuilder : ITextStreamsBuilder => streams.Use(configure, isRequired: true);

    /// <inheritdoc cref="UseEventStoreDb{TBuilder}(TBuilder, Action{EventStoreOptions})"/>
    /// <param name="connectionString">As <c>esdb://127.0.0.1:2113?tls=false</c>.</param>
    public static TBuilder UseEventStoreDb<TBuilder>(this TBuilder streams, string connectionString)
        where TBuilder : ITextStreamsBuilder => streams.UseEventStoreDb(options => options.ConnectionString = connectionString);

    /// <summary>The embedded event store after all where no connection string is given, as in the ready-made
    /// host.</summary>
    internal static TBuilder UseEventStoreDbIfNamed<TBuilder>(this TBuilder streams)
        where TBuilder : ITextStreamsBuilder => streams.Use(configure: null, isRequired: false);

    private static TBuilder Use<TBuilder>(this TBuilder streams, Action<EventStoreOptions>? configure, bool isRequired)
        where TBuilder : ITextStreamsBuilder
    {
        var options = streams.BindSection("EventStore", configure, bound => bound.Errors(isRequired));
        streams.UseEventStore(services =>
            options(services) is { ConnectionString: not null } named ? new EventStoreDbOpener(named) : null);
        return streams;
    }
}
