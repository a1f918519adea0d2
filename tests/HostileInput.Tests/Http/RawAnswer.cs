using System.Globalization;
using System.Text;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>An answer as it came.</summary>
/// <param name="IsWhole">False: the connection ended before the answer did, or it was not read to its end.</param>
internal sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool IsWhole)
{
    /// <summary>How much of an answer without an end is read.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(30);

    public string? this[string name] => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool Closes => this["Connection"] is { } connection && connection.Contains("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>The server's own, for what it cannot read.</summary>
    public bool IsBare => Status >= 400 && this["Content-Type"] is null && this["Content-Length"] is "0" && Closes;

    /// <returns>Null: the connection ended without one.</returns>
    /// <param name="isHead">No body follows, whatever the headers say.</param>
    public static RawAnswer? Read(RawConnection connection, bool isHead)
    {
        while (connection.ReadLine() is { } start)
        {
            var words = start.Split(' ', 3);
            if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                throw new FormatException($"The answer begins with '{start}'.");
            var headers = new List<(string, string)>();
            while (connection.ReadLine() is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0) throw new FormatException($"The answer has a header '{line}'.");
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }

            if (status is >= 100 and < 200) continue;
            var head = new RawAnswer(status, headers, [], IsWhole: true);
            return isHead || status is 204 or 304 ? head : head.WithBody(connection);
        }

        return null;
    }

    public override string ToString() =>
        $"{Status} {string.Join(", ", Headers.Select(header => $"{header.Name}: {header.Value}"))}\n{Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 500)))}";

    private RawAnswer WithBody(RawConnection connection)
    {
        if (this["Transfer-Encoding"] is "chunked") return Chunks(connection);
        if (this["Content-Length"] is not { } length) return this with { Body = connection.ReadToEnd() };
        var wanted = long.Parse(length, CultureInfo.InvariantCulture);
        var body = connection.Read(wanted);
        return this with { Body = body, IsWhole = body.Length == wanted };
    }

    /// <summary>Of an answer that may last as long as a stream, only its beginning.</summary>
    private RawAnswer Chunks(RawConnection connection)
    {
        if (this["X-Accel-Buffering"] is "no") connection.WaitAtMost(Glance);
        using var body = new MemoryStream();
        try
        {
            while (connection.ReadLine() is { } size)
            {
                var length = long.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                body.Write(connection.Read(length));
                connection.ReadLine();
                if (length == 0) return this with { Body = body.ToArray() };
            }
        }
        catch (TimeoutException) when (this["X-Accel-Buffering"] is "no")
        {
            // It goes on.
        }

        return this with { Body = body.ToArray(), IsWhole = false };
    }
}
