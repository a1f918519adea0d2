using System.Security.Cryptography;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Statements;

/// <summary>What a chain of statements says of all streams; some 200 bytes of memory for each. A look-up takes the
/// stream out: what is left at the end was not found in the log.</summary>
internal sealed class StatedStreams
{
    private readonly Dictionary<StreamId, StatedStream> streams = [];

    public List<Statement> Statements { get; } = [];

    public int Count => streams.Count;

    public IEnumerable<(StreamId Id, StatedStream Stated)> Left => streams.Select(pair => (pair.Key, pair.Value));

    /// <param name="files">Oldest first; each is to be the one that the next names.</param>
    /// <exception cref="AuditException">One of them is no statement.</exception>
    public static StatedStreams Read(IReadOnlyList<string> files, IReadOnlyList<ECDsa> keys, CancellationToken ct)
    {
        var all = new StatedStreams();
        foreach (var file in files)
            all.Statements.Add(StatementReader.Read(file, keys, all.Add, ct));

        return all;
    }

    /// <summary>What is wrong with the statements themselves: then they prove nothing.</summary>
    public IEnumerable<Finding> Faults()
    {
        Statement? before = null;
        foreach (var statement in Statements)
        {
            foreach (var (expected, found) in statement.Faults)
                yield return new Finding(FindingCode.Statement, null, null, $"{statement.File}: {expected}", found);
            if (before is not null && statement.Header.Previous?.Sha256 != before.Sha256)
            {
                yield return new Finding(
                    FindingCode.Statement,
                    null,
                    null,
                    $"{statement.File}: the statement before it has SHA-256 {statement.Header.Previous?.Sha256 ?? "(none)"}",
                    $"{before.File} has {before.Sha256}");
            }

            before = statement;
        }
    }

    public StatedStream? Find(StreamId id) => streams.GetValueOrDefault(id);

    public StatedStream? Remove(StreamId id) => streams.Remove(id, out var stated) ? stated : null;

    private void Add(StatementHeader header, StreamId id, StatementStream line)
    {
        var head = line is { Revision: >= 0 and var revision and < long.MaxValue, Hash: { } text } && ChainHash.TryParse(text, out var hash)
            ? new StreamHead(Revision.From(revision), hash)
            : (StreamHead?)null;
        var deletion = line is { By: { } by, At: { } at } && head is { } last ? new Deletion(by, at, last) : null;
        var earlier = streams.GetValueOrDefault(id);
        var stated = new StatedStream(
            header.At, head, StreamStatusNames.Parse(line.Status), line.Tombstone == true, deletion, earlier);
        if (earlier is null || !stated.Matches(earlier)) streams[id] = stated;
    }
}
