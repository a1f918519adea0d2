namespace EventSourcedStreams.OpenAI;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyEnd
{
    /// <summary>The answer said itself that it is over.</summary>
    Done,

    /// <summary>The body ended, and HTTP vouches that it is whole.</summary>
    Whole,

    /// <summary>It ended where nothing vouches for it: in the middle of a value, or with a connection that ends with
    /// it.</summary>
    Unfinished,

    /// <summary>It broke off.</summary>
    Broken,

    /// <summary>Nothing more came, long after a reason to end.</summary>
    Silent,
}
