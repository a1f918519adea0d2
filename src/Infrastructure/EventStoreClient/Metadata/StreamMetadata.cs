using System.Text.Json;

namespace EventStore.Client;

/// <summary>What a stream keeps and who may use it.</summary>
public readonly struct StreamMetadata : IEquatable<StreamMetadata>
{
    /// <param name="maxCount">Events kept, from 1.</param>
    /// <param name="maxAge">Of events kept, above zero; whole seconds count.</param>
    /// <param name="truncateBefore">The first event kept.</param>
    /// <param name="cacheControl">How long an HTTP cache may keep the stream; whole seconds count.</param>
    /// <param name="customMetadata">An object; its members stand beside the server's own.</param>
    public StreamMetadata(
        int? maxCount = null,
        TimeSpan? maxAge = null,
        StreamPosition? truncateBefore = null,
        TimeSpan? cacheControl = null,
        StreamAcl? acl = null,
        JsonDocument? customMetadata = null)
    {
        if (maxCount <= 0) throw new ArgumentOutOfRangeException(nameof(maxCount), maxCount, "It is at least 1.");
        if (maxAge <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(maxAge), maxAge, "It is above zero.");
        if (cacheControl <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(cacheControl), cacheControl, "It is above zero.");
        (MaxCount, MaxAge, TruncateBefore) = (maxCount, maxAge, truncateBefore);
        (CacheControl, Acl, CustomMetadata) = (cacheControl, acl, customMetadata ?? JsonDocument.Parse("{}"));
    }

    public TimeSpan? MaxAge { get; }

    public StreamPosition? TruncateBefore { get; }

    public TimeSpan? CacheControl { get; }

    public StreamAcl? Acl { get; }

    public int? MaxCount { get; }

    public JsonDocument? CustomMetadata { get; }

    public bool Equals(StreamMetadata other) =>
        (MaxCount, MaxAge, TruncateBefore, CacheControl) == (other.MaxCount, other.MaxAge, other.TruncateBefore, other.CacheControl)
        && Equals(Acl, other.Acl)
        && CustomMetadata?.RootElement.GetRawText() == other.CustomMetadata?.RootElement.GetRawText();

    public override bool Equals(object? obj) => obj is StreamMetadata other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(MaxCount, MaxAge, TruncateBefore, CacheControl, Acl);

    public static bool operator ==(StreamMetadata left, StreamMetadata right) => left.Equals(right);

    public static bool operator !=(StreamMetadata left, StreamMetadata right) => !left.Equals(right);
}
