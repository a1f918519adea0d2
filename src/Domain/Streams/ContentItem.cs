namespace EventSourcedStreams.Domain;

/// <summary>One piece of an answer: a run of its body, or a part.</summary>
internal abstract record ContentItem
{
    private ContentItem() { }

    /// <summary>The body, between one part's start, or the end of a part of the kind <c>text</c>, and the
    /// next.</summary>
    /// <param name="Offset">UTF-8 bytes of the body before it.</param>
    /// <param name="Text">Never empty.</param>
    public sealed record Body(long Offset, string Text) : ContentItem;

    /// <param name="Offset">UTF-8 bytes of the body before its start.</param>
    /// <param name="Text">As much of it as there is.</param>
    /// <param name="End">Null: it has not ended, or was cut off.</param>
    public sealed record Part(int Number, PartStart Start, long Offset, string Text, PartState State, PartEnd? End) : ContentItem;
}

internal enum PartState
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>It is complete.</summary>
    Done,

    /// <summary>Its stream ended, or another driver started, before it was complete.</summary>
    Cut,

    /// <summary>It is complete, and says that it failed.</summary>
    Failed,
}

internal static class PartStateNames
{
    private static readonly NameTable<PartState> Names = new(
        (PartState.Open, "open"), (PartState.Done, "done"), (PartState.Cut, "cut"), (PartState.Failed, "failed"));

    /// <summary>As it is sent.</summary>
    public static string Name(this PartState state) => Names.NameOf(state);
}
