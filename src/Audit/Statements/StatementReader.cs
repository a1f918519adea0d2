using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>Reads a statement line by line: of each stream what it says is kept, of the file nothing.</summary>
internal sealed class StatementReader : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<StatementFault> faults = [];
    private readonly string file;
    private StatementHeader header = null!;
    private StatementTotals? totals;
    private long streams;

    private StatementReader(string file) => this.file = file;

    /// <param name="keys">The public keys whose signatures are believed; none: the one that is in the file.</param>
    /// <param name="add">Told of each stream. Not to be believed before the statement turns out to be without
    /// faults.</param>
    /// <exception cref="AuditException">It is no statement, or a newer program's.</exception>
    public static Statement Read(string file, IReadOnlyList<ECDsa> keys, Action<StatementHeader, StreamId, StatementStream> add, CancellationToken ct)
    {
        OrdinaryFile.Require(file);
        using var reader = new StatementReader(file);
        using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return reader.Read(new StatementFileLines(input, file), keys, add, ct);
    }

    public void Dispose() => hash.Dispose();

    private Statement Read(StatementFileLines lines, IReadOnlyList<ECDsa> keys, Action<StatementHeader, StreamId, StatementStream> add, CancellationToken ct)
    {
        if (!lines.MoveNext()) throw new AuditException($"{file} is empty, and no statement.");
        header = HeaderIn(lines.Current.Span);
        do hash.AppendData(lines.Current.Span);
        while (lines.MoveNext() && ReadStream(lines.Current, add, ct));
        if (lines.IsAtEnd) faults.Add(new("a signature in the last line", "the file ends before it"));
        else ReadEnd(lines, keys);
        if (totals is not null && totals.Streams != streams)
            faults.Add(new($"{totals.Streams} streams, as the totals say", $"{streams}"));
        return new Statement(file, header, totals, Convert.ToHexStringLower(hash.GetCurrentHash()), keys.Count > 0, faults);
    }

    private StatementHeader HeaderIn(ReadOnlySpan<byte> line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, StatementJson.Default.StatementHeader) is { Statement: StatementHeader.Name } found)
            {
                return found.V == StatementHeader.Version
                    ? found
                    : throw new AuditException($"{file} is a statement of version {found.V}; this program reads {StatementHeader.Version}.");
            }
        }
        catch (JsonException)
        {
            // Nor that.
        }

        throw new AuditException($"{file} is no statement that `streams-audit verify --sign` has written.");
    }

    /// <returns>False where the streams are over.</returns>
    private bool ReadStream(ReadOnlyMemory<byte> line, Action<StatementHeader, StreamId, StatementStream> add, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (Parse(line, StatementJson.Default.StatementStream) is not { Stream: { Length: > 0 and <= StreamId.MaxChars } id } stated) return false;
        streams++;
        add(header, new StreamId(id), stated);
        return true;
    }

    private void ReadEnd(StatementFileLines lines, IReadOnlyList<ECDsa> keys)
    {
        totals = Parse(lines.Current, StatementJson.Default.StatementTotals);
        var digest = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (totals is not { Sha256: not null }) faults.Add(new("a line for a stream, or the totals", "a line that is neither"));
        else if (totals.Sha256 != digest) faults.Add(new($"SHA-256 {totals.Sha256} of what is above the totals", digest));
        hash.AppendData(lines.Current.Span);

        var isSigned = lines.MoveNext() && IsSigned(lines.Current, keys);
        if (!isSigned)
        {
            faults.Add(new(
                keys.Count > 0 ? "a signature by a key that was given" : "a signature by the key that is named in the file",
                "none that fits: the file is not what was signed, or it was signed with another key"));
        }

        if (!lines.IsAtEnd) hash.AppendData(lines.Current.Span);
        while (lines.MoveNext())
        {
            if (!faults.Contains(BehindTheEnd)) faults.Add(BehindTheEnd);
            hash.AppendData(lines.Current.Span);
        }
    }

    private static readonly StatementFault BehindTheEnd = new("the end of the file behind the signature", "more lines");

    /// <summary>By one way of writing it only: base64 has spare bits, and JSON spare spaces.</summary>
    private bool IsSigned(ReadOnlyMemory<byte> line, IReadOnlyList<ECDsa> keys)
    {
        try
        {
            var signed = hash.GetCurrentHash();
            var bytes = Convert.FromBase64String(Parse(line, StatementJson.Default.StatementSignature)?.Signature ?? "");
            if (!line.Span.SequenceEqual(Encoding.UTF8.GetBytes($"{{\"signature\":\"{Convert.ToBase64String(bytes)}\"}}\n"))) return false;
            if (keys.Count > 0) return keys.Any(key => key.VerifyHash(signed, bytes, DSASignatureFormat.Rfc3279DerSequence));
            using var inFile = StatementKey.TryPublic(Convert.FromBase64String(header.PublicKey ?? ""));
            return inFile is not null
                && StatementKey.Fingerprint(inFile) == header.PublicKeySha256
                && inFile.VerifyHash(signed, bytes, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
