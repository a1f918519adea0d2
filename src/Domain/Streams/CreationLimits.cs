namespace EventSourcedStreams.Domain;

/// <summary>What may be said of a stream when it is created, by every surface. Bounds include their ends; the bytes are
/// in <see cref="TextLimits"/>.</summary>
internal static class CreationLimits
{
    public const int Labels = 32;

    /// <summary>UTF-16 code units.</summary>
    public const int LabelNameChars = 64;

    /// <summary>UTF-16 code units.</summary>
    public const int LabelValueChars = 256;

    public const long LeastIdleSeconds = 5;

    public const long MostIdleSeconds = 86_400;

    /// <summary>A century.</summary>
    public const long MostRetainSeconds = 100L * 366 * 24 * 60 * 60;

    public const long LeastDurationSeconds = 1;

    public const long MostDurationSeconds = 86_400;

    /// <summary>A list is filtered by name:value, so a name has no colon.</summary>
    public static bool IsLabelName(string name) => name.Length is >= 1 and <= LabelNameChars && !name.Contains(':');
}
