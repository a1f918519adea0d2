using System.Globalization;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.Audit.Tests;

/// <param name="Number">Of the stream in the tables.</param>
internal sealed record LogRow(
    long Position, long Number, long Revision, byte[] Id, string Type, string ContentType, byte[] Data, byte[] Metadata);

/// <summary>A copy of a log that no process has open, and a forger that knows SQL and our codec.</summary>
internal sealed class LogCopy : IDisposable
{
    private LogCopy(string from)
    {
        foreach (var file in Directory.GetFiles(from, "log.db*")) File.Copy(file, Folder.File(System.IO.Path.GetFileName(file)));
    }

    public TempFolder Folder { get; } = new();

    public string Path => Folder.Path;

    public static LogCopy Of(string folder) => new(folder);

    public void Dispose() => Folder.Dispose();

    public void Run(string sql) => Folder.Tamper(sql);

    /// <summary>A stream's events, in order.</summary>
    public IReadOnlyList<LogRow> Rows(string id)
    {
        using var database = Database.Open(Folder.File("log.db"), TimeSpan.FromSeconds(10));
        var rows = new List<LogRow>();
        var select = database.Prepare("""
            SELECT l.position, l.stream, l.revision, l.id, l.type, l.content_type, l.data, l.metadata
            FROM log l JOIN streams s ON s.id = l.stream WHERE s.name = ?1 ORDER BY l.revision
            """).Bind(1, "text-" + id);
        while (select.Step())
        {
            rows.Add(new LogRow(
                select.Int64(0), select.Int64(1), select.Int64(2), select.Blob(3).ToArray(), select.Text(4), select.Text(5),
                select.Blob(6).ToArray(), select.Blob(7).ToArray()));
        }

        return rows;
    }

    /// <summary>Everything of a row but its place.</summary>
    public void Write(long position, LogRow row) => Run(string.Create(CultureInfo.InvariantCulture, $"""
        UPDATE log SET id = {Blob(row.Id)}, type = CAST({Blob(row.Type)} AS TEXT), content_type = CAST({Blob(row.ContentType)} AS TEXT),
            data = {Blob(row.Data)}, metadata = {Blob(row.Metadata)}
        WHERE position = {position}
        """));

    /// <summary>The events from a revision on are gone from all tables, and the stream's head fits.</summary>
    public void Cut(string id, long from)
    {
        var number = Rows(id)[0].Number;
        Run(string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM log WHERE stream = {number} AND revision >= {from};
            DELETE FROM settled WHERE stream = {number} AND revision >= {from};
            DELETE FROM recent WHERE stream = {number} AND revision >= {from};
            UPDATE streams SET head = {from - 1} WHERE id = {number}
            """));
    }

    /// <summary>No table knows it any more.</summary>
    public void Remove(string id)
    {
        Cut(id, 0);
        Run($"DELETE FROM streams WHERE name = 'text-{id}'; DELETE FROM names WHERE name = 'text-{id}'");
    }

    /// <summary>Behind what is there, with hashes that fit: what our own codec writes.</summary>
    public async Task ForgeAsync(string id, params StreamEvent[] events)
    {
        var name = "text-" + id;
        await using var log = await Folder.OpenLogAsync();
        var last = await log.ReadAsync(name, long.MaxValue, forward: false, 1, ReadFrom.Leader, default);
        var head = last is StoreRead.Page { Events: [var stored] } ? StreamCodec.Decode(new StreamId(id), stored).Head : StreamHead.None;
        var append = new Append(
            new AppendId(Guid.NewGuid()), new StreamId(id), head, events, new EventContext(Scenario.Node, 1, "mallory"));
        (await log.AppendAsync(name, ExpectedRevision.Exactly(head.Revision), StreamCodec.Encode(append).Events, default))
            .Should().BeOfType<AppendOutcome.Appended>();
    }

    private static string Blob(byte[] bytes) => $"X'{Convert.ToHexString(bytes)}'";

    private static string Blob(string text) => Blob(System.Text.Encoding.UTF8.GetBytes(text));
}
