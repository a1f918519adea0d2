using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What comes on one connection: lines, lengths and encodings as HTTP does not allow them.</summary>
internal sealed record HostileBytes(string Text, IReadOnlyList<string> Parts)
{
    private static readonly Gen<string> Starts = Gen.Elements(
        "POST /v1/streams HTTP/1.1", "POST /v1/streams/nope/drive HTTP/1.1", "POST /v1/streams/good/cancel HTTP/1.1", "GET /v1/streams HTTP/1.1", "HEAD /v1/streams/good/text HTTP/1.1", "DELETE /v1/streams/none HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT a:1 HTTP/1.1", "TRACE / HTTP/1.1",
        "GET http://127.0.0.1/v1/streams HTTP/1.1", "GET http://evil.example/v1/streams HTTP/1.1", "GET  /v1/streams HTTP/1.1", "GET /v1/streams", "GET /v1/streams HTTP/1.0", "GET /v1/streams HTTP/0.9", "GET /v1/streams HTTP/9.9", "GET /v1/streams HTTP/1.1 x", "GET\t/v1/streams\tHTTP/1.1", "G\0T / HTTP/1.1", " GET / HTTP/1.1", "", "\0", "GET /\u00e4 HTTP/1.1", "GET /a b HTTP/1.1", "GET /%00 HTTP/1.1", "GET /#a HTTP/1.1", "GET \\ HTTP/1.1", "{}",
        "GET /" + new string('a', 40_000) + " HTTP/1.1", new string('M', 40_000) + " / HTTP/1.1");

    private static readonly Gen<string> Headers = Gen.Elements(
        "Content-Length: 0", "Content-Length: 2", "Content-Length: 5", "Content-Length: -1", "Content-Length: 2, 2", "Content-Length: 2, 3", "Content-Length: 0x2", "Content-Length: 2 2", "Content-Length: 18446744073709551616", "Content-Length: 9223372036854775807", "Content-Length:", "Content-Length : 2", " Content-Length: 2", "Content-Length: 2\0",
        "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding : chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding:", "X: a\r\n Transfer-Encoding: chunked",
        "Host: 127.0.0.1", "Host: evil.example", "Host:", "Content-Type: application/json", "Expect: 100-continue", "Connection: close", "Connection: Content-Length", "Upgrade: h2c", "A: b\rC: d", "A: b\nC: d", "A", ": b", "A:\0", "\u00e4: b", "A: \u00ff", "A: " + new string('v', 40_000), "A: " + new string('v', 140_000), string.Join("\r\n", Enumerable.Range(0, 150).Select(i => $"A{i}: b")));

    private static readonly Gen<string> Bodies = Gen.Elements(
        "", "{}", "{}{}", "0\r\n\r\n", "2\r\n{}\r\n0\r\n\r\n", "2;x=\"\r\n\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "-1\r\n", "FFFFFFFFFFFFFFFF\r\n", "7FFFFFFFFFFFFFFF\r\n{}", "00000000000000000000002\r\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "g\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\n" + new string('t', 140_000), "1;" + new string('e', 40_000) + "\r\n{\r\n", "\r\n\r\n\r\n");

    private static readonly Gen<string> Ends = Gen.Frequency((8, Gen.Constant("\r\n")), (1, Gen.Elements("\n", "\r", "\r\r\n", "\0\r\n", "\u000b")));

    public static Gen<HostileBytes> All { get; } =
        from start in Starts
        from host in Gen.Frequency((5, Gen.Constant("Host: 127.0.0.1")), (1, Gen.Constant("")))
        from headers in Gen.Choose(0, 4).SelectMany(count => Headers.ListOf(count))
        from end in Ends
        from body in Bodies
        select Of([start, host, $"Authorization: Bearer {HostUnderAttack.Key}", .. headers], end, body);

    public IEnumerable<HostileBytes> Smaller()
    {
        for (var i = 1; i < Parts.Count - 2; i++) yield return Of([.. Parts.Take(Parts.Count - 2).Where((_, at) => at != i)], Parts[^2], Parts[^1]);
    }

    public override string ToString() => Text.Length < 2_000 ? Text : Text[..2_000];

    private static HostileBytes Of(IReadOnlyList<string> lines, string end, string body) =>
        new(string.Concat(lines.Where((line, at) => at == 0 || line.Length > 0).Select(line => line + end)) + end + body, [.. lines, end, body]);
}
