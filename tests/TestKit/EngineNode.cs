using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.TestKit;

/// <summary>One node: an engine over a log that several nodes may share, with faults to be made between the
/// two.</summary>
public sealed class EngineNode : IAsyncDisposable
{
    private readonly SqliteCatalog catalog;
    private readonly string folder;

    private EngineNode(StreamEngine engine, FaultyEventStore faults, StreamLog log, SqliteCatalog catalog, string folder, NodeRun self)
    {
        (Engine, Faults, Log, this.catalog, this.folder, Self) = (engine, faults, log, catalog, folder, self);
    }

    internal StreamEngine Engine { get; }

    internal FaultyEventStore Faults { get; }

    internal StreamLog Log { get; }

    internal NodeRun Self { get; }

    internal static async Task<EngineNode> StartAsync(
        IEventStore bytes,
        TimeProvider time,
        IReadOnlyCollection<ITextSource> sources,
        string name = "a",
        StreamEngineOptions? options = null,
        bool exclusive = false,
        IReadOnlyCollection<EndedHandler>? handlers = null,
        ILogger? logger = null,
        RecordedMetrics? metrics = null,
        Func<IStreamCatalog, IStreamCatalog>? wrap = null)
    {
        var faults = new FaultyEventStore(bytes, time);
        var self = new NodeRun(name, Guid.NewGuid().ToString("N"));
        var folder = Directory.CreateTempSubdirectory("ess-engine-").FullName;
        var catalog = await SqliteCatalog.OpenAsync(Path.Combine(folder, "directory.db"), NullLogger.Instance, default);
        var log = await StreamLog.OpenAsync(faults, StreamPrefix.Default, Guid.NewGuid, time, self, default);
        var engine = await StreamEngine.StartAsync(
            new StreamEngineSetup
            {
                Log = log,
                Catalog = new AskedCatalog(wrap?.Invoke(catalog) ?? catalog),
                Node = self,
                IsExclusive = exclusive,
                Sources = sources,
                EndedHandlers = handlers ?? [],
                Options = options ?? new StreamEngineOptions(),
                NewId = Guid.NewGuid,
                Time = time,
                Logger = logger ?? NullLogger.Instance,
                Metrics = metrics?.Metrics ?? StreamMetrics.OfProcess,
            },
            default);
        return new EngineNode(engine, faults, log, catalog, folder, self);
    }

    /// <summary>Creates a stream for a source.</summary>
    public async Task<StreamId> CreateAsync(
        string id, string source = "script", TimeSpan? idleTimeout = null, TimeSpan? retain = null, Labels? labels = null)
    {
        var create = new StreamCommand.Create(
            new StreamId(id), source, null, "text/plain; charset=utf-8", idleTimeout ?? TimeSpan.FromMinutes(20), retain,
            labels ?? Labels.None, Names.From(["id", "source"]))
        { At = Engine.Time.GetUtcNow() };
        await Engine.Creation.CreateAsync(create, Caller.Anonymous, default);
        return create.Id;
    }

    public async Task<DriverReader> DriveAsync(StreamId id) => new(
        (DriveResult.Driving)await Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default));

    /// <summary>The driver is told of parts, too.</summary>
    public async Task<DriverReader> DriveWithPartsAsync(StreamId id) => new(
        (DriveResult.Driving)await Engine.Drivers.DriveAsync(id, null, null, null, Caller.Anonymous, default, wantsParts: true));

    /// <summary>What the log holds of a stream.</summary>
    internal async Task<StreamBody> BodyAsync(StreamId id) =>
        await Engine.Bodies.FindAsync(id, default) ?? throw new InvalidOperationException($"No stream {id}.");

    /// <summary>What the log holds of a stream's body and parts; checked against all rules of a history on the
    /// way.</summary>
    internal async Task<AnswerContent> ContentAsync(StreamId id) => History.Content(await EventsAsync(id));

    internal async Task<List<RecordedEvent>> EventsAsync(StreamId id)
    {
        var all = new List<RecordedEvent>();
        await foreach (var recorded in Log.ReadAsync(id, Revision.None, ReadFrom.Leader, default)) all.Add(recorded);
        return all;
    }

    /// <summary>Ends the process, as it were: nothing more is written, no ending, no last word.</summary>
    public async ValueTask DisposeAsync()
    {
        var disposing = Engine.DisposeAsync().AsTask();
        Faults.ComeBack();                                                       // no loop goes on with it any more
        await disposing;
        await catalog.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Reads what a driver is told, as it comes.</summary>
public sealed class DriverReader
{
    private readonly Lock gate = new();
    private readonly System.Text.StringBuilder text = new();

    internal DriverReader(DriveResult.Driving driving)
    {
        Finished = driving.Finished;
        End = ReadAsync(driving.Output);
    }

    /// <summary>Of a driver that was told all of this.</summary>
    internal DriverReader(IEnumerable<DriverItem> items)
    {
        Finished = Task.CompletedTask;
        End = Task.FromResult<DriverEnd?>(null);
        foreach (var item in items) Fold(item);
    }

    /// <summary>The last item; null: the driver was dropped.</summary>
    internal Task<DriverEnd?> End { get; }

    public Task Finished { get; }

    /// <summary>What the driver has seen so far.</summary>
    internal string Text
    {
        get { lock (gate) return text.ToString(); }
    }

    /// <summary>UTF-8 bytes that the driver was told are durable.</summary>
    public long SavedLength { get; private set; }

    /// <summary>Body and parts as the driver was told them, once its end has come.</summary>
    internal AnswerContent Content { get; } = new();

    /// <summary>The parts that were open when the driver was told last what is durable.</summary>
    internal IReadOnlyList<(int Part, long Length)> SavedParts { get; private set; } = [];

    private async Task<DriverEnd?> ReadAsync(ClientQueue output)
    {
        List<DriverItem>? items = null;
        while (true)
        {
            items = await output.ReadAsync(items, default);
            if (items.Count == 0) return null;
            foreach (var item in items)
            {
                lock (gate)
                {
                    text.Append(item.Text);
                    Fold(item);
                }

                if (item.Saved is { } saved) (SavedLength, SavedParts) = (saved.Length, saved.Parts);
                if (item.End is { } end) return end;
            }
        }
    }

    private void Fold(DriverItem item)
    {
        if (item.Text is { } more) Content.AddBody(more);
        if (item.End is not null) Content.CutOff();
        switch (item.Part)
        {
            case DriverPart.Started e:
                if (e.Offset != Content.Length || e.Part <= Content.Parts) throw new InvalidOperationException($"{e} does not follow.");
                Content.Start(e.Part, e.Start);
                break;
            case DriverPart.TextCame e:
                if (Content.Mark.Open.Single(open => open.Part == e.Part).Length != e.Offset) throw new InvalidOperationException($"{e} does not follow.");
                Content.AddText(e.Part, e.Text);
                break;
            case DriverPart.Ended e:
                Content.End(e.Part, e.End);
                break;
        }
    }
}
