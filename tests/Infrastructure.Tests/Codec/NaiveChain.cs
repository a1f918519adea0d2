using System.Security.Cryptography;
using System.Text;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Infrastructure.Tests;

/// <summary>The hash chain once more, written from its description alone, as another program would that doubts
/// ours.</summary>
internal static class NaiveChain
{
    public static byte[] Next(byte[] previous, string id, StoredEvent stored)
    {
        var metadata = Encoding.UTF8.GetString(stored.Metadata.Span);
        var covered = metadata[..metadata.LastIndexOf(",\"hash\":", StringComparison.Ordinal)];
        return SHA256.HashData([
            .. previous,
            .. WithLength(Encoding.UTF8.GetBytes(id)),
            .. BigEndian(BitConverter.GetBytes(stored.Revision)),
            .. Convert.FromHexString(stored.Id.ToString().Replace("-", "")),
            .. WithLength(Encoding.UTF8.GetBytes(stored.Type)),
            .. WithLength(Encoding.UTF8.GetBytes(stored.ContentType)),
            .. WithLength(stored.Data.ToArray()),
            .. WithLength(Encoding.UTF8.GetBytes(covered)),
        ]);
    }

    public static string ToBase64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] FromBase64Url(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + "=");

    private static byte[] WithLength(byte[] part) => [.. BigEndian(BitConverter.GetBytes(part.Length)), .. part];

    private static IEnumerable<byte> BigEndian(byte[] little) => BitConverter.IsLittleEndian ? little.Reverse() : little;
}
