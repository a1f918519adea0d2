using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Bodies that are a text to be kept: of any bytes, in any encoding, compressed, cut, and grown out of
/// proportion.</summary>
internal static class HostileUploads
{
    private static readonly Gen<byte[]> Parts = Gen.Elements(
        "a"u8.ToArray(), "Ein Satz. "u8.ToArray(), "日本"u8.ToArray(), "👩‍🚀"u8.ToArray(), "\r\n"u8.ToArray(), "\uFEFF"u8.ToArray(), "\u2028"u8.ToArray(), [0], [0x1B, (byte)'$', (byte)'B'], [0xC3], [0xA4], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF], [0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF],
        "{\"a\":1}\n"u8.ToArray(), Encoding.Unicode.GetBytes("a\ud83d"), [.. Enumerable.Repeat((byte)'x', 70_000)], [.. Enumerable.Repeat((byte)0xA4, 5_000)]);

    private static readonly Gen<byte[]> Texts = Parts.ListOf().Select(parts => parts.Take(12).SelectMany(part => part).ToArray());

    public static Gen<byte[]> Bodies { get; } = Gen.Frequency(
        (4, Texts),
        (2, Texts.Select(Gzipped)),
        (1, Texts.Select(Gzipped).SelectMany(bytes => Gen.Choose(0, bytes.Length).Select(length => bytes[..length]))),
        (1, Texts.Select(text => (byte[])[.. Gzipped(text), .. "more"u8])),
        (1, Gen.Constant(Gzipped(Gzipped(new byte[3_000_000])))));

    private static byte[] Gzipped(byte[] text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(text);
        return packed.ToArray();
    }
}
