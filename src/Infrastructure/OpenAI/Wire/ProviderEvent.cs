namespace EventSourcedStreams.OpenAI;

/// <summary>One thing that a provider sent.</summary>
/// <param name="Name">The event's, where it has one.</param>
/// <param name="Data">Valid until the next event is asked for.</param>
internal readonly record struct ProviderEvent(ProviderEventKind Kind, string? Name = null, ReadOnlyMemory<byte> Data = default);

internal enum ProviderEventKind
{
    /// <summary>One JSON value, or a line of something else.</summary>
    Value,

    /// <summary>A field <c>error:</c> beside <c>data:</c>, or an event that is named an error and has no
    /// data.</summary>
    ErrorField,

    /// <summary>A line that belongs to no event.</summary>
    Stray,

    /// <summary>A value that its event's end cut short.</summary>
    Malformed,

    /// <summary>A value that the body's end cut short.</summary>
    Cut,

    /// <summary>A value or line of more than <see cref="EventSplitter.MaxEventBytes"/>; nothing comes after
    /// it.</summary>
    TooLarge,
}
