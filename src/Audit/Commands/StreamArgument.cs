using System.CommandLine;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>The stream that a command is about: its id, without the prefix.</summary>
internal sealed class StreamArgument
{
    public Argument<string> Argument { get; } = new("ID") { Description = "A stream's id, as `audit list` shows it." };

    /// <exception cref="AuditException">No stream can have that id.</exception>
    public StreamId In(ParseResult parsed) => Parse(parsed.GetRequiredValue(Argument));

    /// <exception cref="AuditException">No stream can have that id.</exception>
    public static StreamId Parse(string id) =>
        id.Length is > 0 and <= StreamId.MaxChars
            ? new StreamId(id)
            : throw new AuditException($"A stream's id has 1 to {StreamId.MaxChars} characters; this one has {id.Length}.");
}
