using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;
using Spectre.Console;

namespace EventSourcedStreams.Audit.Access;

/// <summary>Records as tables of some hundred rows each: a table is in memory until it is drawn.</summary>
internal sealed class AccessTable(AuditConsole console)
{
    private const int MaxRows = 500;

    private readonly List<ShownAccess> rows = [];

    public void Add(ShownAccess access)
    {
        rows.Add(access);
        if (rows.Count == MaxRows) Flush();
    }

    public void Flush()
    {
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.None).AddColumns("time", "who", "what", "stream", "from", "refused");
        foreach (var column in table.Columns) column.PadLeft(0).PadRight(2);
        foreach (var row in rows)
            table.AddRow(new[] { TimeArgument.Show(row.At), row.Who, row.What, row.Stream ?? "", row.From ?? "", row.Refused ?? "" }.Select(cell => AuditConsole.Text(cell)));
        console.Styled.Write(table);
        rows.Clear();
    }
}
