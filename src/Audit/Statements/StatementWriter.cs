using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>Writes a statement line by line under another name; only a finished one gets its own.</summary>
internal sealed class StatementWriter : IDisposable
{
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly string file, unfinished;
    private readonly FileStream output;
    private readonly ECDsa key;
    private StatementTotals totals = new(0, 0, 0, 0, 0, "", "");
    private LogPosition end;
    private bool isFinished;

    private StatementWriter(string file, ECDsa key)
    {
        (this.file, this.key) = (file, key);
        unfinished = $"{file}.{Path.GetRandomFileName()}";
        output = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <param name="header">Its public key is filled in.</param>
    public static StatementWriter Begin(string file, StatementHeader header, ECDsa key)
    {
        var writer = new StatementWriter(file, key);
        writer.Write(
            header with
            {
                PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
                PublicKeySha256 = StatementKey.Fingerprint(key),
            },
            StatementJson.Default.StatementHeader);
        return writer;
    }

    public void Add(VerifiedStream stream)
    {
        Write(
            new StatementStream(
                stream.Id.Value,
                stream.Status?.Name(),
                stream.Head?.Revision.Value,
                stream.Head?.Hash.ToString(),
                stream.IsTombstoned ? true : null,
                stream.Deletion?.By,
                stream.Deletion?.At.UtcDateTime,
                stream.Findings > 0 ? stream.Findings : null),
            StatementJson.Default.StatementStream);
        totals = totals with
        {
            Streams = totals.Streams + 1,
            Deleted = totals.Deleted + (stream.Status == StreamStatus.Deleted ? 1 : 0),
            Events = totals.Events + stream.Events,
            Bytes = totals.Bytes + stream.Bytes,
        };
        if (stream.Position > end) end = stream.Position;
    }

    /// <param name="findings">Of the whole verification.</param>
    /// <exception cref="IOException">The file has come into being meanwhile, or cannot be written.</exception>
    /// <returns>The file, and its SHA-256.</returns>
    public (string File, string Sha256) Finish(long findings)
    {
        Write(
            totals with
            {
                Findings = findings,
                End = $"{end.Commit}/{end.Prepare}",
                Sha256 = Convert.ToHexStringLower(hash.GetCurrentHash()),
            },
            StatementJson.Default.StatementTotals);
        var signature = key.SignHash(hash.GetCurrentHash(), DSASignatureFormat.Rfc3279DerSequence);
        Write(new StatementSignature(Convert.ToBase64String(signature)), StatementJson.Default.StatementSignature);
        output.Flush(flushToDisk: true);
        output.Dispose();
        File.Move(unfinished, file, overwrite: false);
        isFinished = true;
        return (file, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    public void Dispose()
    {
        output.Dispose();
        hash.Dispose();
        if (!isFinished) File.Delete(unfinished);
    }

    private void Write<T>(T line, JsonTypeInfo<T> type)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, AsItIs)) JsonSerializer.Serialize(json, line, type);
        buffer.Write("\n"u8);
        hash.AppendData(buffer.WrittenSpan);
        output.Write(buffer.WrittenSpan);
    }
}
