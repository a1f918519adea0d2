using FsCheck;
using FsCheck.Fluent;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Values as they stand in an address or a header: a character is a byte there.</summary>
internal static class HostileText
{
    /// <summary>What may stand unescaped in an address, but for what divides it.</summary>
    private static readonly Gen<string> Plain = Gen.Elements("abcXYZ0189._~-!$'()*,;:@".ToCharArray()).NonEmptyListOf().Select(string.Concat);

    /// <summary>Escaped: zero, line ends, separators, overlong and broken UTF-8, surrogates, an escape within an
    /// escape, and escapes that are none.</summary>
    private static readonly Gen<string> Escaped = Gen.Elements(
        "%00", "%0A", "%0D%0A", "%09", "%20", "%7F", "%2F", "%2f", "%5C", "%25", "%2525", "%252F", "%2E", "%2e%2e", "%3F", "%23", "%26", "%3D", "%2B",
        "%C3%A4", "%E2%82%AC", "%F0%9F%98%80", "%C0%AF", "%C0%80", "%E0%80%AF", "%F0%80%80%AF", "%C3", "%A4", "%FF", "%FE%FF", "%ED%A0%80",
        "%ED%B0%80", "%ED%A0%BD%ED%B8%80", "%F4%90%80%80", "%EF%BB%BF", "%E2%80%AE", "%EF%BF%BE", "%CC%81", "%", "%2", "%GG", "%u0041", "+");

    /// <summary>What the grammar of ids just allows, just does not, or has to be told from a path.</summary>
    private static readonly Gen<string> Edges = Gen.Elements(
        "a", "A", "0", "a.", "a~", "a_", "a-", ".a", "-a", "_a", "~a", "a..b", "..", ".", "...", "a/b", "a/..", "../a", "..%2f", "a;b=c", "a:b", "a@b",
        new('a', 127), new('a', 128), new('a', 129), new('a', 7_000), "CON", "null", "undefined", "good/", "good//", "good%00", "GOOD", "good/text/", "%67one");

    private static readonly Gen<string> Numbers = Gen.Elements(
        "0", "1", "-1", "-0", "+1", "00", "007", "1.0", "0.5", "1e3", "0x10", "1_000", "1 ", " 1", "NaN", "Infinity", "-Infinity", "2147483647", "2147483648", "4294967296",
        "9223372036854775806", "9223372036854775807", "9223372036854775808", "18446744073709551615", new('9', 400), "%D9%A1", "%EF%BC%91", "1,000", "1%00", "true", "");

    private static readonly Gen<string> Times = Gen.Elements(
        "2026-11-21T12:00:00Z", "2026-11-21T12:00:00%2B01:00", "2026-11-21t12:00:00z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T23:59:60Z",
        "2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00:00." + new string('9', 3_000) + "Z", "2026-11-21T12:00:00%2B99:99", "-2026-11-21T12:00:00Z", "1764072000");

    private static readonly Gen<string> Words = Gen.Elements(
        "true", "false", "done", "pending", "deleted", "replace", "demo", "upload", "openai", "user:ann", ":", "a:", ":a", "tenant:x", "a:b:c", "k:%00", "*", "%25", "_", "\"",
        "'; DROP TABLE streams; --", "1 OR 1=1", "a* NEAR(b)", "(((((", "\\", "[", "^$", "{{7*7}}", "${jndi:x}", "<script>", "../../etc/passwd");

    /// <summary>As an id stands in an address.</summary>
    public static Gen<string> Ids { get; } = Gen.Frequency(
        (4, Gen.Constant(HostUnderAttack.Good)), (1, Gen.Constant("gone")), (1, Gen.Constant("none")), (3, Edges), (4, Mixed(Plain, Escaped)));

    public static Gen<string> Values { get; } = Gen.Frequency(
        (5, Gen.Elements("", "true", "false", "replace", "0", "2", "20", "done", "user:ann")),
        (3, Numbers), (3, Times), (3, Words), (3, Mixed(Plain, Escaped)), (1, Edges), (1, Gen.Constant("")), (1, Gen.Choose(0, 12_000).Select(length => new string('x', length))));

    /// <summary>As a header may have it: any byte but zero and line ends.</summary>
    public static Gen<string> HeaderValues { get; } = Gen.Frequency(
        (3, Values),
        (2, Gen.Choose(1, 255).Where(c => c is not ('\r' or '\n')).Select(c => (char)c).ListOf().Select(string.Concat)),
        (1, Gen.Elements("", " ", "\t", ",", ",,,", ";", "=", "\"", "\"\\", "\"\"\"", "a=b;a=b", "(", "<>", "\u00ff\u00fe", "\u00c3\u00a4", "\u00ed\u00a0\u0080", "=?utf-8?B?w6Q=?=", "0", "*", "*/*;q=NaN")),
        (1, Gen.Choose(0, 40_000).Select(length => new string('v', length))));

    private static Gen<string> Mixed(params Gen<string>[] parts) => Gen.OneOf(parts).NonEmptyListOf().Select(string.Concat);
}
