using System.Globalization;
using System.Text;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Domain;
using static EventSourcedStreams.Domain.StreamEvent;

namespace EventSourcedStreams.Audit.Report;

/// <summary>A stream's life as a drawing: how its text grew, from when to when each batch was gathered, and what else
/// happened.</summary>
internal sealed class TimelinePicture
{
    private const double Wide = 960, Narrow = 320, TickRoom = 150;
    private const double Left = 8, Right = 8, Top = 34, CurveHeight = 120, LaneHeight = 14, Gap = 8, Axis = 26;
    private const double Bottom = Top + CurveHeight, Lane = Bottom + Gap, Height = Lane + LaneHeight + Axis;

    private readonly IReadOnlyList<RecordedEvent> events;
    private readonly DateTimeOffset begin;
    private readonly double seconds;
    private readonly long length;

    /// <summary>Of the drawing, in its own units; on a page as wide they are pixels.</summary>
    private readonly double width;

    private TimelinePicture(IReadOnlyList<RecordedEvent> events, DateTimeOffset begin, DateTimeOffset end, double width)
    {
        (this.events, this.begin, this.width) = (events, begin, width);
        seconds = Math.Max((end - begin).TotalSeconds, 0.001);
        length = events.Select(e => e.Event).OfType<ChunkPersisted>().Sum(e => (long)Encoding.UTF8.GetByteCount(e.Text));
    }

    /// <summary>Twice, for a page and for a phone; null where there is nothing to be drawn.</summary>
    public static Html.Markup? Of(IReadOnlyList<RecordedEvent> events)
    {
        if (events.Count == 0) return null;
        var (first, last) = (events.Min(e => e.Event.At), events.Max(e => e.Event.At));
        // Where the driver came late, the text would be a line at the edge: then the picture begins with the driver.
        var started = events.FirstOrDefault(e => e.Event is StreamStarted)?.Event.At;
        var begin = started is { } at && at - first > (last - first) / 2 ? at : first;
        var (wide, narrow) = (new TimelinePicture(events, begin, last, Wide), new TimelinePicture(events, begin, last, Narrow));
        return new($"{wide.Draw("wide").Value}\n{narrow.Draw("narrow").Value}");
    }

    private Html.Markup Draw(string kind) => Html.Of(
        $"""
        <svg class="{kind}" viewBox="0 0 {width} {Height}" role="img" aria-label="Timeline: {events.Count} events in {EventDetail.Seconds(TimeSpan.FromSeconds(seconds))}">
        {Ticks()}{Curve()}{Batches()}{Moments()}
        </svg>
        """);

    private Html.Markup Ticks()
    {
        var step = NiceStep(seconds / Math.Floor(width / TickRoom));
        var ticks = new StringBuilder();
        for (var i = 0; i * step <= seconds; i++)
        {
            var x = X(begin.AddSeconds(i * step));
            var anchor = i == 0 ? "start" : x > width - 40 ? "end" : "middle";
            ticks.Append(Html.Of($"""<path class="grid" d="M{x} {Top}V{Lane + LaneHeight}"/><text class="tick" x="{x}" y="{Height - 8}" text-anchor="{anchor}">+{(i * step).ToString("0.######", CultureInfo.InvariantCulture)} s</text>""").Value);
        }

        return new(ticks.ToString());
    }

    /// <summary>At most a point a pixel: a long text would draw the same line a thousand times over.</summary>
    private Html.Markup Curve()
    {
        var line = new StringBuilder();
        var (lastX, grown) = (X(begin), 0L);
        line.Append(CultureInfo.InvariantCulture, $"M{lastX:0.#} {Bottom:0.#}");
        foreach (var recorded in events)
        {
            if (recorded.Event is not ChunkPersisted chunk) continue;
            grown += Encoding.UTF8.GetByteCount(chunk.Text);
            var (x, y) = (X(chunk.At), Bottom - (CurveHeight * grown / length));
            if (x - lastX < 0.5 && grown < length) continue;
            line.Append(CultureInfo.InvariantCulture, $"H{x:0.#}V{y:0.#}");
            lastX = x;
        }

        var end = X(events.Max(e => e.Event.At));
        line.Append(CultureInfo.InvariantCulture, $"H{end:0.#}");
        return length == 0
            ? new($"""<path class="base" d="{line}"/>""")
            : Html.Of($"""
                <path class="area" d="{line}V{Bottom}H{Left}Z"/><path class="curve" d="{line}"/>
                <text class="tick" x="{end - 4}" y="{Bottom - 6}" text-anchor="end">{length} bytes</text>
                """);
    }

    private Html.Markup Batches()
    {
        var lane = new StringBuilder();
        var drawnTo = double.NegativeInfinity;
        foreach (var recorded in events)
        {
            if (recorded.Event is not ChunkPersisted chunk) continue;
            var (from, to) = (X(chunk.Since), Math.Max(X(chunk.At), X(chunk.Since) + 1.5));
            if (to - drawnTo < 0.5) continue;
            lane.Append(Html.Of($"""<rect class="batch" x="{Math.Max(from, drawnTo + 0.5)}" y="{Lane}" width="{Math.Max(to - Math.Max(from, drawnTo + 0.5), 0.5)}" height="{LaneHeight}"><title>Revision {recorded.Revision}: {EventDetail.Of(chunk)}</title></rect>""").Value);
            drawnTo = to;
        }

        return new(lane.ToString());
    }

    /// <summary>Everything but content, each with its name, on two lines where two come close.</summary>
    private Html.Markup Moments()
    {
        var (lines, names) = (new StringBuilder(), new StringBuilder());                  // no line through a name
        var (labelEnd, isHigh) = (double.NegativeInfinity, false);
        foreach (var recorded in events.Where(e => EventKinds.KindOf(e.Event) != EventKind.Content && e.Event.At >= begin))
        {
            var name = Name(recorded.Event);
            var x = X(recorded.Event.At);
            var room = name.Length * 6.6;
            var isRight = x + room > width - Right;
            var start = isRight ? x - room : x;
            isHigh = start < labelEnd && !isHigh;
            labelEnd = start + room + 6;
            var kind = recorded.Event is StreamFailed or StreamCancelled or StreamTimedOut or StreamDeleted ? "moment bad" : "moment";
            lines.Append(Html.Of($"""<path class="{kind}" d="M{x} {(isHigh ? 12 : 26)}V{Lane + LaneHeight}"/>""").Value);
            names.Append(Html.Of($"""<text class="{kind}" x="{(isRight ? x - 4 : x + 4)}" y="{(isHigh ? 14 : 28)}" text-anchor="{(isRight ? "end" : "start")}">{name}</text>""").Value);
        }

        return new(lines.Append(names).ToString());
    }

    private static string Name(StreamEvent @event) => @event switch
    {
        StreamCreated => "created",
        StreamStarted => "started",
        StreamCompleted => "completed",
        StreamFailed e => $"failed: {EventDetail.Excerpt(e.Code, 24)}",
        StreamCancelled e => $"cancelled by {EventDetail.Excerpt(e.By, 24)}",
        StreamTimedOut => "timed out",
        _ => "deleted",
    };

    private double X(DateTimeOffset at) =>
        Left + ((width - Left - Right) * Math.Clamp((at - begin).TotalSeconds / seconds, 0, 1));

    private static double NiceStep(double atLeast)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return new[] { 1.0, 2, 5, 10 }.First(step => step * power >= atLeast * 0.999) * power;
    }
}
