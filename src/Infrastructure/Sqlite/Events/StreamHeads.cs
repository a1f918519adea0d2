using System.Text.Json.Nodes;

namespace EventSourcedStreams.Sqlite;

/// <summary>Where streams end, and what limits they have, as the open transaction leaves them: looked up once, changed
/// in memory, and written before the transaction ends.</summary>
internal sealed class StreamHeads
{
    private readonly Database database;
    private readonly KnownHeads known;
    private readonly HeadLookup lookup;
    private readonly LimitsLookup limits;
    private readonly Statement addStream, addName, put;
    private readonly List<KnownHead> changed = [];

    public StreamHeads(Database database, int maxKnown)
    {
        this.database = database;
        known = new KnownHeads(maxKnown);
        lookup = new HeadLookup(database);
        limits = new LimitsLookup(database, lookup);
        addStream = database.Prepare("INSERT INTO streams (name, head) VALUES (?1, -1)");
        addName = database.Prepare("INSERT INTO names (name, stream) VALUES (?1, ?2)");
        put = database.Prepare("UPDATE streams SET head = ?2 WHERE id = ?1");
    }

    public KnownHead Of(string stream) => known.Find(stream) ?? known.Add(stream, lookup.Find(stream), limits.Find(stream));

    /// <inheritdoc cref="LimitsLookup.Metadata"/>
    public JsonObject? Metadata(string stream) => limits.Metadata(stream);

    /// <summary>A transaction begins.</summary>
    public void Begin()
    {
        known.MakeRoom();
        changed.Clear();
    }

    /// <summary>Gives a stream that never was its number.</summary>
    public void Add(string stream, KnownHead head)
    {
        var name = EventRow.Utf8(stream);
        addStream.BindUtf8(1, name).Run();
        head.Id = database.LastInserted;
        addName.BindUtf8(1, name).Bind(2, head.Id).Run();
    }

    public void Change(KnownHead head, long revision)
    {
        head.Revision = revision;
        if (head.IsChanged) return;
        head.IsChanged = true;
        changed.Add(head);
    }

    public void WriteChanged()
    {
        foreach (var head in changed)
        {
            Put(head);
            head.IsChanged = false;
        }

        changed.Clear();
    }

    /// <summary>Within a transaction of any length: what it has done so far is written, so that it need no longer be
    /// remembered.</summary>
    public void Spill()
    {
        WriteChanged();
        known.MakeRoom();
    }

    /// <summary>New limits hold from the next append on, also in this transaction: so their own head is written
    /// now.</summary>
    public void ApplyLimits(KnownHead metadata, string stream)
    {
        Put(metadata);
        if (known.Find(stream) is { } limited) limited.Limits = limits.Find(stream);
    }

    private void Put(KnownHead head) => put.Bind(1, head.Id).Bind(2, head.Revision).Run();
}
