namespace EventSourcedStreams.Web;

/// <summary>What a request was let in by; a feature of the request.</summary>
/// <param name="Key">The key that it sent, or that made its token; null: another authority's token.</param>
/// <param name="Until">Null: as long as the key is as it was.</param>
internal sealed record AccessPass(ApiKey? Key, DateTimeOffset? Until)
{
    /// <summary>A stream token, which makes no other tokens.</summary>
    public bool IsToken { get; init; }

    /// <summary>The request would not be let in any more.</summary>
    public bool IsOver(AccessSettings settings, DateTimeOffset now) =>
        Until <= now || (Key is not null && settings.Named(Key.Name) != Key);
}
