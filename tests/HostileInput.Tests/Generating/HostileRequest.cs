using System.Globalization;
using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>A request that HTTP's grammar allows, whatever stands in it. Its strings have a byte in each
/// character.</summary>
/// <param name="Path">With its parameters filled in.</param>
/// <param name="Query">Pairs as they stand in the address.</param>
/// <param name="Body">Null: none is sent.</param>
internal sealed record HostileRequest(
    string Method, string Path, IReadOnlyList<string> Query, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, bool IsChunked)
{
    public bool IsHead => Method == "HEAD";

    public string Target => Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query)}";

    /// <summary>False: the HTTP server itself may refuse it, before anything of ours sees it.</summary>
    public bool IsReadable =>
        Path.StartsWith('/') && !Path.Contains("%00", StringComparison.Ordinal) && !Names("Host") && !Names("Upgrade")
        && Headers.All(header => header.Value.All(c => c is '\t' or (>= ' ' and <= '~')));

    public bool Names(string header) => Headers.Any(given => given.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    public byte[] Bytes()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\r\n");
        if (!Names("Host")) head.Append("Host: 127.0.0.1\r\n");
        if (!Names("Authorization")) head.Append("Authorization: Bearer " + HostUnderAttack.Key + "\r\n");
        foreach (var (name, value) in Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (Body is null) return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
        if (!IsChunked) return [.. Encoding.Latin1.GetBytes(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n").ToString()), .. Body];
        var bytes = new List<byte>(Encoding.Latin1.GetBytes(head.Append("Transfer-Encoding: chunked\r\n\r\n").ToString()));
        foreach (var piece in Body.Chunk(1 + (Body.Length / 3)))
        {
            bytes.AddRange(Encoding.Latin1.GetBytes($"{piece.Length:x}\r\n"));
            bytes.AddRange(piece);
            bytes.AddRange("\r\n"u8);
        }

        bytes.AddRange("0\r\n\r\n"u8);
        return [.. bytes];
    }

    /// <summary>For a failure to be looked at: one thing less, or half of the body.</summary>
    public IEnumerable<HostileRequest> Smaller()
    {
        for (var i = 0; i < Headers.Count; i++) yield return this with { Headers = [.. Headers.Where((_, at) => at != i)] };
        for (var i = 0; i < Query.Count; i++) yield return this with { Query = [.. Query.Where((_, at) => at != i)] };
        if (Body is not null) yield return this with { Body = null };
        if (Body is { Length: > 1 }) yield return this with { Body = Body[..(Body.Length / 2)] };
        if (IsChunked) yield return this with { IsChunked = false };
    }

    public override string ToString()
    {
        var bytes = Bytes();
        return $"{bytes.Length} bytes:\n{Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 3_000)))}";
    }
}
