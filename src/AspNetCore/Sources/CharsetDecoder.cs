using System.Buffers;
using System.Text;

namespace EventSourcedStreams.AspNetCore;

/// <summary>
/// Any encoding that the framework knows. Bytes that are no text become U+FFFD and are counted, or are a fault. A
/// decoder that has met a fault does not say how far it had come, so a second one walks behind it, and finds the place
/// byte by byte.
/// </summary>
internal sealed class CharsetDecoder : IUploadDecoder
{
    /// <summary>What an encoding may hold back of earlier bytes; none comes near it.</summary>
    private const int MaxHeldBytes = 16;

    private readonly Encoding encoding;
    private readonly bool replaces;
    private readonly Counting scouted = new();
    private readonly Counting followed = new();
    private readonly Decoder scout;
    private readonly Decoder? follower;
    private long decoded;
    private bool isFaulty;

    public CharsetDecoder(Encoding encoding, bool replaces)
    {
        (this.encoding, this.replaces) = (encoding, replaces);
        scout = Decoder(encoding, scouted);
        follower = replaces ? null : Decoder(encoding, followed);
    }

    public int MaxChars(int bytes) => encoding.GetMaxCharCount(bytes + MaxHeldBytes);

    public DecodedText Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool isLast)
    {
        if (isFaulty) return default;
        var before = scouted.Count;
        var written = scout.GetChars(bytes, chars, isLast);
        var replaced = scouted.Count - before;
        if (follower is not null)
        {
            if (replaced > 0) return UpToFault(bytes, chars, isLast);
            Follow(bytes, isLast);
        }

        decoded += bytes.Length;
        return new(written, replaced);
    }

    private void Follow(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var unread = ArrayPool<char>.Shared.Rent(MaxChars(bytes.Length));
        follower!.GetChars(bytes, unread, isLast);
        ArrayPool<char>.Shared.Return(unread);
    }

    private DecodedText UpToFault(ReadOnlySpan<byte> bytes, Span<char> chars, bool isLast)
    {
        isFaulty = true;
        var (written, at) = (0, 0);
        while (true)
        {
            var one = at < bytes.Length ? bytes.Slice(at, 1) : [];
            var more = follower!.GetChars(one, chars[written..], isLast && one.IsEmpty);
            if (followed.Count > 0 || one.IsEmpty) break;
            (written, at) = (written + more, at + 1);
        }

        var offset = Math.Max(0, decoded + Math.Min(at + 1, bytes.Length) - Math.Max(1, followed.LastBytes));
        return new(written, Fault: new(
            "invalid-text",
            $"The upload is not {encoding.WebName} about byte offset {offset}. The text before it is kept; invalid=replace puts U+FFFD in such places."));
    }

    private static Decoder Decoder(Encoding encoding, DecoderFallback fallback)
    {
        var own = (Encoding)encoding.Clone();
        own.DecoderFallback = fallback;
        return own.GetDecoder();
    }

    /// <summary>Puts U+FFFD for bytes that are no text.</summary>
    private sealed class Counting : DecoderFallback
    {
        public int Count { get; private set; }

        /// <summary>How many bytes the last one stands for.</summary>
        public int LastBytes { get; private set; }

        public override int MaxCharCount => 1;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new OneChar(this);

        private sealed class OneChar(Counting counting) : DecoderFallbackBuffer
        {
            private int left;

            public override int Remaining => left;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                counting.Count++;
                counting.LastBytes = bytesUnknown.Length;
                left = 1;
                return true;
            }

            public override char GetNextChar() => left-- > 0 ? '\uFFFD' : '\0';

            public override bool MovePrevious()
            {
                if (left > 0) return false;
                left++;
                return true;
            }

            public override void Reset() => left = 0;
        }
    }
}
