namespace EventSourcedStreams;

/// <summary>What a part's text is.</summary>
public enum PartEncoding
{
    /// <summary>Text as it stands.</summary>
    Plain,

    /// <summary>The whole text is one JSON value, kept byte for byte. Text that is none is kept, and shown as
    /// text.</summary>
    Json,

    /// <summary>Bytes, as base64. Text that is none is kept, and shown as text.</summary>
    Base64,
}
