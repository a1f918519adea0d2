using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>The stream that a command is about: its id, without the prefix.</summary>
internal sealed partial class StreamArgument
{
    public Argument<string> Argument { get; } = new("ID") { Description = "A stream's id, as `streams-audit list` shows it." };

    /// <summary>The id as it was given; or, where there is no such stream, with each <c>\uXXXX</c> in it read as the
    /// character that a list shows in this way, since no command line can have all of them.</summary>
    /// <exception cref="AuditException">No stream can have that id.</exception>
    public async Task<StreamId> FindAsync(ParseResult parsed, Store store, CancellationToken ct)
    {
        var given = Parse(parsed.GetRequiredValue(Argument));
        var meant = Shown().Replace(given.Value, shown => $"{(char)int.Parse(shown.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}");
        if (meant == given.Value || await IsThereAsync(store, given, ct)) return given;
        return await IsThereAsync(store, new StreamId(meant), ct) ? new StreamId(meant) : given;
    }

    /// <exception cref="AuditException">No stream can have that id.</exception>
    public static StreamId Parse(string id) =>
        id.Length is > 0 and <= StreamId.MaxChars
            ? new StreamId(id)
            : throw new AuditException($"A stream's id has 1 to {StreamId.MaxChars} characters; this one has {id.Length}.");

    private static async Task<bool> IsThereAsync(Store store, StreamId id, CancellationToken ct)
    {
        try
        {
            return await store.Bytes.ReadAsync(store.Prefix.Text(id), long.MaxValue, forward: false, maxCount: 1, ReadFrom.Leader, ct) is not StoreRead.Missing;
        }
        catch (LogDamagedException)
        {
            return true;
        }
    }

    [GeneratedRegex(@"\\u[0-9A-F]{4}")]
    private static partial Regex Shown();
}
