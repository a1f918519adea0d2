namespace EventStore.Client;

/// <summary>What the server lets through of <c>$all</c>: by prefixes, or by a regular expression.</summary>
public interface IEventFilter
{
    PrefixFilterExpression[] Prefixes { get; }

    RegularFilterExpression Regex { get; }

    /// <summary>Events looked at between two checkpoints, at most.</summary>
    uint? MaxSearchWindow { get; }
}
