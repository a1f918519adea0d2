using System.Runtime.CompilerServices;
using EventSourcedStreams.Audit.Commands;

namespace EventSourcedStreams.Audit.Check;

/// <summary>Reads a server's whole list, and ends whatever the server answers: a page has to go on from the one
/// before.</summary>
/// <param name="report">Told why the list cannot be one.</param>
internal sealed class ServerListing(ServerApi server, Action<CheckFinding> report)
{
    /// <summary>In place of an id, where the list itself is at fault.</summary>
    public const string Itself = "(list)";

    private const int MaxCursorChars = 4096;

    private readonly HashSet<StreamId> listed = [];

    /// <summary>So far.</summary>
    public IReadOnlySet<StreamId> Listed => listed;

    /// <summary>Every stream, newest first, each once.</summary>
    /// <param name="mayGoOn">False where no more is wanted.</param>
    public async IAsyncEnumerable<(StreamId Id, ServerStream Item)> StreamsAsync(
        Func<bool> mayGoOn, [EnumeratorCancellation] CancellationToken ct)
    {
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        for (string? cursor = null; mayGoOn();)
        {
            var page = await server.PageAsync(cursor, ct);
            var added = 0;
            foreach (var item in page.Items)
            {
                if (item.Id.Length is 0 or > StreamId.MaxChars)
                {
                    Report("id", Cut(item.Id), $"1 to {StreamId.MaxChars} characters");
                }
                else if (new StreamId(item.Id) is var id && !listed.Add(id))
                {
                    report(new CheckFinding(item.Id, "list", null, "stream", "listed twice", "once"));
                }
                else
                {
                    added++;
                    yield return (id, item);
                }
            }

            if (page.NextCursor is not { } next) yield break;
            if (added == 0 || next.Length > MaxCursorChars || !cursors.Add(next))
            {
                Report("nextCursor", Cut(next), "a page that goes on: this one repeats what was there before, and is not followed");
                yield break;
            }

            cursor = next;
        }
    }

    private void Report(string field, string said, string expected) => report(new CheckFinding(Itself, "list", null, field, said, expected));

    private static string Cut(string text) => Excerpts.Of(text, null).A!;
}
