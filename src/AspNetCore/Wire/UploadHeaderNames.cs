namespace EventSourcedStreams.AspNetCore;

/// <summary>The headers of continued uploads, by name.</summary>
internal static class UploadHeaderNames
{
    /// <summary>A byte's number in the upload, from 0.</summary>
    public const string Offset = "Upload-Offset";

    /// <summary>A boolean as structured fields write it (RFC 9651): whether all is there.</summary>
    public const string Complete = "Upload-Complete";
}
