using System.Diagnostics;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.EventLogBench;

/// <summary>The same rows in the same tables by one loop: as many events a commit as there are writers, nothing
/// waiting, looked up, checked or told. What it cannot do the engine cannot either.</summary>
internal sealed class BareAppends : IDisposable
{
    private const int Settled = 4096;

    private readonly Database database;
    private readonly Statement begin, commit, insert, index, head, settle, empty;

    public BareAppends(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "log.db");
        database = Database.Open(file, TimeSpan.Zero);
        Schema.Prepare(database, file, Schema.Steps, NullLogger.Instance);
        database.Execute("PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16384");
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        insert = database.Prepare("""
            INSERT INTO log (stream, revision, id, type, content_type, created, data, metadata, kind)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)
            """);
        index = database.Prepare("INSERT INTO recent (stream, revision, position) VALUES (?1, ?2, ?3)");
        head = database.Prepare("UPDATE streams SET head = ?2 WHERE id = ?1");
        settle = database.Prepare("INSERT INTO settled SELECT stream, revision, position FROM recent ORDER BY stream, revision");
        empty = database.Prepare("DELETE FROM recent");
    }

    public int Run(int streams, TimeSpan duration)
    {
        begin.Run();
        for (var stream = 0; stream < streams; stream++)
            database.Execute($"INSERT INTO streams (id, name, head) VALUES ({stream + 1}, '{EngineAppends.Name(stream)}', -1)");
        commit.Run();

        insert.Bind(4, "ChunkPersisted").Bind(5, "application/json");
        int revision = 0, recent = 0;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < duration; revision++)
        {
            begin.Run();
            for (var stream = 1; stream <= streams; stream++) Append(stream, revision);
            commit.Run();
            recent += streams;
            if (recent < Settled) continue;
            recent = 0;
            begin.Run();
            settle.Run();
            empty.Run();
            commit.Run();
        }

        return streams * revision;
    }

    public void Dispose() => database.Dispose();

    private void Append(int stream, int revision)
    {
        Span<byte> id = stackalloc byte[16];
        Random.Shared.NextBytes(id);
        insert.Bind(1, stream).Bind(2, revision).Bind(3, id).Bind(6, Stopwatch.GetTimestamp());
        insert.Bind(7, EngineAppends.Data).Bind(8, EngineAppends.Metadata).Run();
        index.Bind(1, stream).Bind(2, revision).Bind(3, database.LastInserted).Run();
        head.Bind(1, stream).Bind(2, revision).Run();
    }
}
