using System.Runtime.InteropServices;

namespace EventSourcedStreams.Domain;

/// <summary>One thing that the driver is told.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DriverItem(string? Text, DriverSaved? Saved, DriverEnd? End)
{
    /// <summary>What is said beside the text.</summary>
    public DriverPart? Part { get; init; }

    /// <summary>UTF-16 code units that it counts as, of what may wait.</summary>
    public int Chars => Text?.Length ?? Part?.Chars ?? 0;
}
