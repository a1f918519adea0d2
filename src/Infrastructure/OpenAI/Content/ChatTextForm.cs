namespace EventSourcedStreams.OpenAI;

/// <summary>What a text is to the text before it.</summary>
internal enum ChatTextForm
{
    /// <summary>More text.</summary>
    Piece,

    /// <summary>A message in place of a delta: more text, or all of it once more.</summary>
    Message,

    /// <summary>A field of its own beside a delta without text: more text, or all of it once more where deltas had
    /// text.</summary>
    Field,

    /// <summary>All of the text once more.</summary>
    Whole,
}
