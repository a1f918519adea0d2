using System.Security.Cryptography;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>ECDSA P-256 keys in PEM files: PKCS#8 for the private one, SubjectPublicKeyInfo for the public one, as
/// openssl writes them.</summary>
internal static class StatementKey
{
    /// <summary>Some hundred bytes, and what people write around them.</summary>
    private const long MaxBytes = 64 << 10;

    private const string P256 = "1.2.840.10045.3.1.7";

    public static ECDsa New() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <exception cref="AuditException">It cannot be read, or is no such key.</exception>
    public static ECDsa Private(string file)
    {
        var key = Read(file, "private");
        try
        {
            _ = key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return key;
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new AuditException($"{file} is a public key. Sign with the private one.", inner: e);
        }
    }

    /// <summary>Of a private key its public half.</summary>
    /// <exception cref="AuditException">It cannot be read, or is no such key.</exception>
    public static ECDsa Public(string file) => Read(file, "public");

    /// <returns>Null where the bytes are no P-256 key.</returns>
    public static ECDsa? TryPublic(ReadOnlySpan<byte> der)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(der, out var read);
            if (read == der.Length && IsP256(key)) return key;
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // None.
        }

        key.Dispose();
        return null;
    }

    /// <summary>SHA-256 of the public half's DER, hexadecimal: by this a person knows a key.</summary>
    public static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static ECDsa Read(string file, string kind)
    {
        var key = ECDsa.Create();
        try
        {
            OrdinaryFile.Require(file);
            if (new FileInfo(file) is { Exists: true, Length: > MaxBytes }) throw new ArgumentException("It is too long.", nameof(file));
            key.ImportFromPem(File.ReadAllText(file));
            if (IsP256(key)) return key;
            throw new AuditException($"{file} is no P-256 key. Make one with `streams-audit keygen`.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw new AuditException(
                $"{file} is no {kind} key in PEM without a pass phrase. `streams-audit keygen` makes one; `openssl pkey` takes a pass phrase off.", inner: e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
}
