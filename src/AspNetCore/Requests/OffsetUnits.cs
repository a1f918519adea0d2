namespace EventSourcedStreams.AspNetCore;

/// <summary><c>?units=</c>: offsets are UTF-8 bytes; beside them a client may ask for UTF-16 code units, in which
/// JavaScript and .NET count.</summary>
internal static class OffsetUnits
{
    public static bool AreUtf16(string? units) => units switch
    {
        null or "" or "bytes" => false,
        "utf16" => true,
        _ => throw new RefusedException(Refusals.Invalid("units", "units is bytes or utf16.")),
    };
}
