using System.Text;
using EventSourcedStreams.EventStoreProtocol;
using Google.Protobuf;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Names of streams and types as they come in. Longer ones than ours are allowed, boundless ones are
/// not.</summary>
internal static class StreamNames
{
    /// <summary>UTF-8 bytes.</summary>
    private const int MaxBytes = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Read(StreamIdentifier? identifier)
    {
        if (identifier is not { StreamName.IsEmpty: false }) throw Refused.Unusable();
        if (identifier.StreamName.Length > MaxBytes) throw Refused.Invalid($"A stream's name has at most {MaxBytes} bytes.");
        try
        {
            var name = Strict.GetString(identifier.StreamName.Span);
            return name.Contains('\0') ? throw Refused.Invalid("A stream's name holds no zero byte.") : name;
        }
        catch (DecoderFallbackException)
        {
            throw Refused.Invalid("A stream's name is UTF-8.");
        }
    }

    /// <summary>Of a stream that may be deleted: what its metadata says is not deleted, but overwritten.</summary>
    public static string ReadDeletable(StreamIdentifier? identifier)
    {
        var name = Read(identifier);
        return name.StartsWith("$$", StringComparison.Ordinal)
            ? throw Refused.Invalid("Metadata is not deleted; append {} to its stream instead.")
            : name;
    }

    public static string Type(string type)
    {
        if (type.Length == 0) throw Refused.Unusable();
        return type.Length > MaxBytes || type.Contains('\0')
            ? throw Refused.Invalid($"An event's type has at most {MaxBytes} characters, none of them zero.")
            : type;
    }

    public static StreamIdentifier Write(string name) => new() { StreamName = ByteString.CopyFromUtf8(name) };
}
