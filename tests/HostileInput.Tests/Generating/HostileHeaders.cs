using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Headers that the server, or something before it, makes something of: good ones, nearly good ones and
/// nonsense, also twice.</summary>
internal static class HostileHeaders
{
    private const string Token = "eyJhbGciOiJub25lIiwidHlwIjoic3RyZWFtcytqd3QifQ.eyJzdWIiOiJhIn0.";

    private static readonly IReadOnlyDictionary<string, string[]> Known = new Dictionary<string, string[]>
    {
        ["Range"] = ["bytes=0-", "bytes=-1", "bytes=-0", "bytes=5-2", "bytes=0-0,2-3", "bytes=9223372036854775807-", "bytes=0-9223372036854775807", "bytes=99999999999999999999-", "bytes=", "bytes", "lines=1-2", "bytes=--1", "bytes=0-" + string.Concat(Enumerable.Repeat(",1-", 2_000))],
        ["If-Match"] = ["*", "\"1\"", "W/\"1\"", "\"", "1", "\"a\", \"b\"", string.Concat(Enumerable.Repeat("\"x\",", 3_000))],
        ["If-None-Match"] = ["*", "\"1\"", "W/\"1\"", "\"", "1", "\"a\", \"b\""],
        ["If-Range"] = ["\"1\"", "W/\"1\"", "Sat, 21 Nov 2026 12:00:00 GMT", "yesterday"],
        ["If-Modified-Since"] = ["Sat, 21 Nov 2026 12:00:00 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "now"],
        ["Last-Event-ID"] = ["0", "3", "99", "-1", "9223372036854775807", "9223372036854775806", "x", "0, 0", "\u00e4"],
        ["Accept"] = ["*/*", "text/event-stream", "text/plain", "application/json", "text/html", "text/event-stream;q=0", "text/event-stream;q=2", "text/*;q=0.5, */*;q=NaN", "/", "*", "a/b/c", string.Concat(Enumerable.Repeat("text/plain,", 2_000))],
        ["Accept-Encoding"] = ["gzip", "br, *;q=0", "identity;q=0", "zstd", "*"],
        ["Accept-Charset"] = ["utf-7", "*;q=0"],
        ["Content-Type"] = ["application/json", "application/json; charset=utf-8", "application/json; charset=\"utf-8", "application/json; charset=utf-7", "application/problem+json", "text/plain", "text/plain; charset=utf-16", "text/plain; charset=utf-32be", "text/plain; charset=iso-2022-jp", "text/plain; charset=hz-gb-2312", "text/plain; charset=x-none", "text/plain; charset=utf-7", "text/plain; charset=\u00ff", "text/plain; charset=", "text/plain; charset=a; charset=b", "text/html", "application/x-ndjson", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "a", "/", "*/*"],
        ["Content-Encoding"] = ["gzip", "deflate", "br", "gzip, gzip, gzip", "gzip, gzip, gzip, gzip", "identity", "zstd", "x-gzip", "aws-chunked", "gzip;q=1", ",", string.Concat(Enumerable.Repeat("gzip,", 5_000))],
        ["Content-Language"] = ["de"],
        ["Content-Range"] = ["bytes 0-1/2", "bytes */*"],
        ["Upload-Offset"] = ["0", "1", "-1", "9223372036854775807", "9223372036854775808", "0, 1", "+0"],
        ["Upload-Complete"] = ["?0", "?1", "?2", "1", "?0, ?1"],
        ["Upload-Length"] = ["0", "-1"],
        ["Idempotency-Key"] = ["\"8e03978e\"", "a"],
        ["Prefer"] = ["wait=0", "respond-async, wait=-1"],
        ["Origin"] = ["null", "https://evil.example", "https://app.example.com", "http://127.0.0.1", "http://127.0.0.1:99999", "file://", "http://[::1", "http://\u00e4", "https://xn--", "http://a/../b"],
        ["Access-Control-Request-Method"] = ["DELETE", "\u00ff"],
        ["Access-Control-Request-Headers"] = ["a, b", string.Concat(Enumerable.Repeat("x,", 4_000))],
        ["Sec-Fetch-Site"] = ["cross-site", "same-origin", "none", "x"],
        ["Authorization"] = ["Bearer", "Bearer ", "Bearer  root", "bearer root", "Basic cm9vdDpyb290", "Basic %%%", "Bearer " + Token, "Bearer " + Token + "x", "Bearer ..", "Bearer a.b.c", "Bearer " + new string('A', 9_000) + "." + new string('A', 9_000) + ".A", "Digest a=b", "\u00ff"],
        ["Cookie"] = ["a=b", "=", string.Concat(Enumerable.Repeat("a=b;", 5_000))],
        ["Host"] = ["localhost", "127.0.0.1", "127.0.0.1:1", "evil.example", "[::1]", "a b", "", "127.0.0.1:99999", "\u00e4", "127.0.0.1.", "@127.0.0.1", "127.0.0.1/x"],
        ["Forwarded"] = ["for=1.2.3.4;host=evil;proto=gopher", "for=\"[::"],
        ["X-Forwarded-For"] = ["1.2.3.4", "x", string.Concat(Enumerable.Repeat("1.2.3.4,", 3_000))],
        ["X-Forwarded-Host"] = ["evil.example", "\r"],
        ["X-Forwarded-Proto"] = ["https", "javascript"],
        ["X-Forwarded-Prefix"] = ["/../x", "//evil"],
        ["X-HTTP-Method-Override"] = ["DELETE"],
        ["X-Original-URL"] = ["/v1/streams"],
        ["traceparent"] = ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-0-0-0", "ff-" + new string('f', 32), new string('0', 9_000)],
        ["tracestate"] = ["a=b", string.Concat(Enumerable.Repeat("a=b,", 3_000))],
        ["baggage"] = ["a=b", "a=%00;x", string.Concat(Enumerable.Repeat("a=b,", 3_000))],
        ["Expect"] = ["100-continue", "200-ok"],
        ["Connection"] = ["close", "keep-alive", "Upgrade", "Host", "Transfer-Encoding", ","],
        ["Upgrade"] = ["websocket", "h2c", "HTTP/3.0"],
        ["HTTP2-Settings"] = ["AAMAAABkAAQCAAAAAAIAAAAA", "%"],
        ["Sec-WebSocket-Key"] = ["dGhlIHNhbXBsZSBub25jZQ=="],
        ["TE"] = ["trailers", "gzip"],
        ["Trailer"] = ["Authorization", "Content-Length"],
        ["Max-Forwards"] = ["0"],
        ["Cache-Control"] = ["no-cache", "only-if-cached", "max-age=-1"],
        ["User-Agent"] = ["", "\u00ff", "() { :; }; x"],
        ["Referer"] = ["https://evil.example/"],
        ["X-Unknown"] = ["x"],
    };

    /// <summary>Zero to five of them.</summary>
    public static Gen<List<(string Name, string Value)>> Some { get; } = Gen.Frequency(
        (2, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Constant(2)), (1, Gen.Constant(5))).SelectMany(count => One.ListOf(count));

    private static Gen<(string Name, string Value)> One =>
        from name in Gen.Elements(Known.Keys)
        from value in Gen.Frequency((4, Gen.Elements(Known[name])), (1, HostileText.HeaderValues))
        select (name, value);
}
