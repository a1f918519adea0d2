namespace EventStore.Client;

/// <summary>What the server lets through of <c>$all</c>.</summary>
public interface IEventFilter;

/// <param name="OfStreams">By the stream's name, else by the event's type.</param>
/// <param name="Prefixes">Any of them; empty: by <paramref name="Regex"/>.</param>
/// <param name="Regex">In the server's dialect, which is .NET's.</param>
/// <param name="MaxSearchWindow">Events looked at between two checkpoints, from 1.</param>
internal sealed record EventFilter(bool OfStreams, string[] Prefixes, string Regex, uint MaxSearchWindow) : IEventFilter;
