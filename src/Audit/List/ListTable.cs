using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;
using Spectre.Console;

namespace EventSourcedStreams.Audit.List;

/// <summary>Streams as tables of some hundred rows each: a table is in memory until it is drawn.</summary>
internal sealed class ListTable(AuditConsole console)
{
    private const int MaxRows = 500;

    private readonly List<ListedStream> rows = [];

    public void Add(ListedStream stream)
    {
        rows.Add(stream);
        if (rows.Count == MaxRows) Flush();
    }

    public void Flush()
    {
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.None)
            .AddColumns("id", "status", "source", "created", "ended")
            .AddColumn("bytes", column => column.RightAligned())
            .AddColumn("revision", column => column.RightAligned())
            .AddColumns("error, by", "labels");
        foreach (var column in table.Columns) column.PadLeft(0).PadRight(2);
        foreach (var row in rows) table.AddRow(Cells(row).Select(cell => AuditConsole.Text(cell)));
        console.Styled.Write(table);
        rows.Clear();
    }

    private static string[] Cells(ListedStream stream) =>
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
