namespace EventSourcedStreams.Web;

/// <summary>Bytes of text that drives on this node have written today, by day of UTC; a start begins at
/// nothing.</summary>
internal sealed class TextUsage(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> bytes = new(StringComparer.Ordinal);
    private DateOnly day;

    public TimeSpan UntilTomorrow
    {
        get
        {
            var now = time.GetUtcNow().UtcDateTime;
            return now.Date.AddDays(1) - now;
        }
    }

    public bool IsUsedUp(IEnumerable<QuotaHolder> writers)
    {
        lock (gate)
        {
            BeginDayLocked();
            return writers.Any(writer => writer.Most is { } most && bytes.GetValueOrDefault(writer.Name) >= most);
        }
    }

    public void Add(IEnumerable<QuotaHolder> writers, long length)
    {
        lock (gate)
        {
            BeginDayLocked();
            foreach (var writer in writers.Where(writer => writer.Most is not null)) bytes[writer.Name] = bytes.GetValueOrDefault(writer.Name) + length;
        }
    }

    private void BeginDayLocked()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today == day) return;
        day = today;
        bytes.Clear();
    }
}
