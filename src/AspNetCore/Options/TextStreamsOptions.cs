using EventSourcedStreams.AspNetCore;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams;

/// <summary>All that can be configured, by section; each property says its default beside its value.</summary>
public sealed class TextStreamsOptions
{
    private const long LeastMemory = 8 * 1024 * 1024;

    public EmbeddedSection Embedded { get; } = new();

    public StreamsSection Streams { get; } = new();

    public CorsSection Cors { get; } = new();

    public sealed class EmbeddedSection
    {
        /// <summary>The embedded log's folder; made if it is not there.</summary>
        public string Path { get; set; } = "data";

        /// <summary>Serves the embedded log over EventStoreDB's protocol on this loopback port; 0 takes a free one.
        /// None: it is not served. Only the ready-made host can.</summary>
        internal int? GrpcPort { get; set; }
    }

    public sealed class StreamsSection
    {
        /// <summary>A stem of letters and digits and one <c>-</c>: event streams are named prefix + id.</summary>
        public string Prefix { get; set; } = "text-";

        /// <summary>This node's name, used by one process at a time; none: the host's name and a random part, kept with
        /// the embedded log, on EventStoreDB another one at every start.</summary>
        public string? Node { get; set; }

        /// <summary>The most that durable text lags behind the driver, plus two appends. 1 ms to 1 min.</summary>
        public TimeSpan FlushInterval { get; set; } = BatchLimits.Default.FlushInterval;

        /// <summary>When silence ends a stream that does not say so itself. 5 s to 1 day.</summary>
        public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(20);

        /// <summary>How often the recovery looks. 100 ms to 1 h.</summary>
        public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(10);

        /// <summary>When a stream without a driver ends. At least 1 s.</summary>
        public TimeSpan PendingTimeout { get; set; } = SweepRules.Default.PendingTimeout;

        /// <summary>How long ended streams are kept that do not say so themselves; none: for ever.</summary>
        public TimeSpan? Retention { get; set; }

        /// <summary>
        /// Whether what a source says beside the text (reasoning, tool calls, files) is kept; else it is dropped, and
        /// the text is as ever. None: yes on the embedded log, no on EventStoreDB, where nodes and tools of an older
        /// version would call it damage: switch it on once all are of this version.
        /// </summary>
        public bool? Parts { get; set; }

        /// <summary>UTF-8 bytes of text and parts in one stream. 1 to 1 GiB.</summary>
        public long MaxLength { get; set; } = 16 * 1024 * 1024;

        /// <summary>UTF-8 bytes of unsaved text of one stream at which its source is paused. 64 KiB to 256
        /// MiB.</summary>
        public long UnsavedLimit { get; set; } = 1024 * 1024;

        /// <summary>
        /// Bytes of memory for all text that this node holds: not durable yet, on its way to clients, cached. 8 MiB to
        /// 1 TiB; none: a quarter of what the process may have.
        /// </summary>
        public long? MemoryLimit { get; set; }

        /// <summary>
        /// Requests under way at one time, observers among them; more are refused. 1 to 1,000,000; none: one for each
        /// 64 KiB of the memory for text, at least 256 and at most 10,000.
        /// </summary>
        public int? MaxRequests { get; set; }

        /// <summary>How long the log may be away before a stream ends with an error. 1 s to 1 h.</summary>
        public TimeSpan OutageLimit { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>
        /// How long a stop lets running streams go on by themselves; meanwhile nothing new is claimed (503). What still
        /// runs then ends as interrupted. 0 to 1 day.
        /// </summary>
        public TimeSpan DrainTimeout { get; set; } = TimeSpan.Zero;

        /// <summary>Which of the sources that are open to clients they may name after all, a list or with commas; none:
        /// all of them.</summary>
        public IReadOnlyList<string>? ClientSources { get; set; }

        /// <summary>The source of a stream whose creation over HTTP names none; none: it has to name one, but in
        /// Development, where that is <c>demo</c> if it is there.</summary>
        public string? DefaultSource { get; set; }
    }

    public sealed class CorsSection
    {
        /// <summary>
        /// Browsers' origins that may change something beside the server's own, as <c>https://app.example.com</c>;
        /// <c>*</c> is all. A list, or with commas.
        /// </summary>
        public IReadOnlyList<string> Origins { get; set; } = [];
    }

    /// <exception cref="InvalidOperationException">Names a key that is misspelt or cannot be read.</exception>
    internal void Read(TextStreamsSection section)
    {
        section.CheckSections(nameof(Embedded), nameof(Streams), nameof(Cors));
        section.Bind(nameof(Embedded), Embedded);
        section.Bind(nameof(Streams), Streams);
        section.Bind(nameof(Cors), Cors);
        if (section.ListOf("Streams:ClientSources") is { } names) Streams.ClientSources = names;
        if (section.ListOf("Cors:Origins") is { } origins) Cors.Origins = origins;
    }

    /// <summary>What is wrong, each naming its key; empty: nothing.</summary>
    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Embedded.Path)) yield return "Embedded:Path: name a folder.";
        if (!StreamPrefix.TryParse(Streams.Prefix, out _))
            yield return $"Streams:Prefix: '{Streams.Prefix}' is not a stem of letters and digits and one '-', as 'text-'.";
        if (Streams.Node is { } node && !IsNodeName(node))
            yield return "Streams:Node: 1 to 100 letters, digits, '.', '_' or '-'.";
        foreach (var origin in Cors.Origins.Where(origin => origin != Origin.Any && !Origin.IsOrigin(origin)))
            yield return $"Cors:Origins: '{origin}' is not an origin, as 'https://app.example.com'.";
        foreach (var error in new[]
        {
            Between("Embedded:GrpcPort", Embedded.GrpcPort ?? 0, 0, 65535),
            Between("Streams:FlushInterval", Streams.FlushInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Between("Streams:IdleTimeout", Streams.IdleTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)),
            Between("Streams:SweepInterval", Streams.SweepInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            Between("Streams:PendingTimeout", Streams.PendingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
            Between("Streams:Retention", Streams.Retention ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(36500)),
            Between("Streams:MaxLength", Streams.MaxLength, 1, 1024L * 1024 * 1024),
            Between("Streams:UnsavedLimit", Streams.UnsavedLimit, 64 * 1024, 256L * 1024 * 1024),
            Between("Streams:MemoryLimit", Streams.MemoryLimit ?? LeastMemory, LeastMemory, 1L << 40),
            Between("Streams:MaxRequests", Streams.MaxRequests ?? 1, 1, 1_000_000),
            Between("Streams:OutageLimit", Streams.OutageLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Between("Streams:DrainTimeout", Streams.DrainTimeout, TimeSpan.Zero, TimeSpan.FromDays(1)),
        })
        {
            if (error is not null) yield return error;
        }
    }

    internal int MaxRequests() => Streams.MaxRequests ?? (int)Math.Clamp(MemoryLimit() / (64 * 1024), 256, 10_000);

    /// <param name="keepsParts">Where the configuration says nothing.</param>
    internal StreamEngineOptions ForEngine(bool keepsParts = true) => new()
    {
        MemoryLimit = MemoryLimit(),
        IdleTimeout = Streams.IdleTimeout,
        SweepInterval = Streams.SweepInterval,
        Sweep = new SweepRules(Streams.PendingTimeout, Streams.Retention),
        Driving = new DrivingLimits
        {
            Batch = BatchLimits.Default with { FlushInterval = Streams.FlushInterval },
            Parts = Streams.Parts ?? keepsParts,
            MaxLength = Streams.MaxLength,
            UnsavedLimit = Streams.UnsavedLimit,
            OutageLimit = Streams.OutageLimit,
            HandoverPause = Thread.Sleep,
        },
    };

    /// <summary>What the process may have is the container's memory, a limit of the heap, or the machine's
    /// memory.</summary>
    private long MemoryLimit() => Streams.MemoryLimit ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, LeastMemory);

    private static bool IsNodeName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string? Between<T>(string key, T value, T least, T most) where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? $"{key}: {value} is not between {least} and {most}." : null;
}
