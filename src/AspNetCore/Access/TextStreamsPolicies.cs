namespace EventSourcedStreams;

/// <summary>
/// The names of the authorization policies that <c>MapTextStreams</c> asks, one a right. A policy that the app defines
/// under such a name has to hold for the endpoints of that right; one that it does not define is not asked.
/// </summary>
public static class TextStreamsPolicies
{
    /// <summary>Creating streams.</summary>
    public const string Create = "TextStreams.Create";

    /// <summary>Driving a stream, which runs its source; uploading its text, and going on with that.</summary>
    public const string Drive = "TextStreams.Drive";

    /// <summary>Reading one stream: query, text, events.</summary>
    public const string Read = "TextStreams.Read";

    /// <summary>Ending a stream that runs.</summary>
    public const string Cancel = "TextStreams.Cancel";

    /// <summary>Removing a stream for ever.</summary>
    public const string Delete = "TextStreams.Delete";

    /// <summary>Listing streams.</summary>
    public const string List = "TextStreams.List";

    /// <summary>What concerns all streams at once.</summary>
    public const string Admin = "TextStreams.Admin";
}
