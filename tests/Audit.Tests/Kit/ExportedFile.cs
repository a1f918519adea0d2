using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>An export that is changed, and whose last line is made right again.</summary>
internal static partial class ExportedFile
{
    /// <summary>Exports a folder to a file in another one.</summary>
    public static async Task<string> ExportAsync(this TempFolder log, TempFolder to, string name = "export.ndjson", params string[] more)
    {
        var run = await AuditRun.OfAsync(["export", "--all", "--running", "--store", log.Path, "--out", to.File(name), .. more]);
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        return to.File(name);
    }

    public static async Task<byte[]> ExportedBytesAsync(this TempFolder log)
    {
        using var to = new TempFolder();
        return await File.ReadAllBytesAsync(await log.ExportAsync(to));
    }

    public static List<string> Lines(byte[] export) => [.. Encoding.Latin1.GetString(export).Split('\n')[..^1]];

    /// <summary>With the digest, and the number of events, as they have to be for what is before the last
    /// line.</summary>
    /// <param name="lines">Each byte a character; the last one is replaced.</param>
    public static byte[] Sealed(IReadOnlyList<string> lines, int eventsLess = 0)
    {
        var body = Encoding.Latin1.GetBytes(string.Concat(lines.SkipLast(1).Select(line => line + "\n")));
        var last = Digest().Replace(lines[^1], Convert.ToHexStringLower(SHA256.HashData(body)));
        last = Events().Replace(last, match => $"\"events\":{int.Parse(match.Groups[1].ValueSpan) - eventsLess}");
        return [.. body, .. Encoding.Latin1.GetBytes(last + "\n")];
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex("\"events\":([0-9]+)")]
    private static partial Regex Events();
}
