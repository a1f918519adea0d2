using System.Text;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// An answer in order, as a growing fold: parts by number, the body between them, split where a part starts and where a
/// part of the kind <c>text</c> ends. The same whatever batches its text came in, and from whom: the log's events, or
/// what a driver or a follower was told. Not for two threads at once.
/// </summary>
internal sealed class AnswerContent
{
    private readonly List<Growing> items = [];
    private readonly SortedDictionary<int, Growing> open = [];
    private Growing? run; // the body's last one, while text joins it

    /// <summary>UTF-8 bytes of the body.</summary>
    public long Length { get; private set; }

    /// <summary>How many parts were started.</summary>
    public int Parts { get; private set; }

    /// <summary>How far it has come.</summary>
    public ContentMark Mark => new(Length, Parts, [.. open.Select(part => (part.Key, part.Value.Bytes))]);

    /// <summary>As it is now.</summary>
    public IReadOnlyList<ContentItem> Items => [.. items.Select(item => item.Item)];

    /// <exception cref="LogDamagedException">The event cannot follow.</exception>
    public void Apply(RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case ChunkPersisted e when e.Offset == Length && e.Parts == Parts: AddBody(e.Text); break;
            case PartStarted e when IsPlace(e) && e.Part == Parts + 1: Start(e.Part, e.Start); break;
            case PartPersisted e when IsPlace(e) && open.GetValueOrDefault(e.Part)?.Bytes == e.Offset: AddText(e.Part, e.Text); break;
            case PartEnded e when IsPlace(e) && open.GetValueOrDefault(e.Part)?.Bytes == e.Length: End(e.Part, e.End); break;
            case ChunkPersisted or PartEvent:
                throw new LogDamagedException(
                    recorded.Stream.Value, recorded.Revision.Value, $"it does not stand behind {Length} bytes of text and {Parts} parts.");
            case StreamStarted or Ending: CutOff(); break;
        }
    }

    /// <summary>More of the body.</summary>
    public void AddBody(string text)
    {
        if (run is null) items.Add(run = new Growing(Length));
        run.Add(text);
        Length += PartLimits.BytesOf(text);
    }

    public void Start(int part, PartStart start)
    {
        run = null;
        var started = new Growing(Length) { Number = part, Start = start };
        items.Add(started);
        open.Add(part, started);
        Parts = part;
    }

    /// <summary>More of an open part.</summary>
    public void AddText(int part, string text) => open[part].Add(text);

    public void End(int part, PartEnd end)
    {
        if (!open.Remove(part, out var ended)) throw new ArgumentException($"Part {part} is not open.", nameof(part));
        ended.End = end;
        ended.State = end.Error is null ? PartState.Done : PartState.Failed;
        if (ended.Start!.Kind == PartKinds.Text) run = null;
    }

    /// <summary>The stream has ended, or another driver has started: what is open stays as it is.</summary>
    public void CutOff()
    {
        foreach (var part in open.Values) part.State = PartState.Cut;
        open.Clear();
    }

    private bool IsPlace(PartEvent e) => (e.Before.Length, e.Before.Parts) == (Length, Parts);

    private sealed class Growing(long offset)
    {
        private readonly StringBuilder text = new();

        /// <summary>Of a part; 0: a run of the body.</summary>
        public int Number { get; init; }

        public PartStart? Start { get; init; }

        public long Bytes { get; private set; }

        public PartState State { get; set; }

        public PartEnd? End { get; set; }

        public ContentItem Item => Start is null
            ? new ContentItem.Body(offset, text.ToString())
            : new ContentItem.Part(Number, Start, offset, text.ToString(), State, End);

        public void Add(string more)
        {
            text.Append(more);
            Bytes += PartLimits.BytesOf(more);
        }
    }
}
