using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.List;

/// <summary>Streams as tables of some hundred rows each: a table is in memory until it is drawn.</summary>
internal sealed class ListTable(AuditConsole console)
{
    private const int MaxRows = 500;

    /// <summary>Of one cell: what is damaged can be long, and what is stored too.</summary>
    private const int MaxChars = 200;

    private static readonly string[] Header = ["id", "status", "source", "created", "ended", "bytes", "revision", "error, by", "labels"];
    private static readonly HashSet<int> Right = [5, 6];

    private readonly List<IReadOnlyList<string>> rows = [];

    public void Add(ListedStream stream)
    {
        rows.Add(Cells(stream));
        if (rows.Count == MaxRows) Flush();
    }

    public void Flush()
    {
        if (rows.Count == 0) return;
        console.WriteTable(Header, Right, rows);
        rows.Clear();
    }

    private static string[] Cells(ListedStream stream) => [.. Texts(stream).Select((text, i) => i == 0 ? text : EventDetail.Excerpt(text, MaxChars))];

    private static IReadOnlyList<string> Texts(ListedStream stream) =>
    [
        stream.Id,
        stream.Status,
        stream.Source ?? "",
        Time(stream.CreatedAt),
        Time(stream.EndedAt),
        stream.Length?.ToString(CultureInfo.InvariantCulture) ?? "",
        stream.Revision?.ToString(CultureInfo.InvariantCulture) ?? "",
        stream.Damage ?? string.Join(", ", new[] { stream.Error, stream.By }.Where(part => part is not null)),
        string.Join(" ", (stream.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}:{label.Value}")),
    ];

    private static string Time(DateTime? time) => time is { } known ? TimeArgument.Show(known) : "";
}
