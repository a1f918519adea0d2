using System.Text;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Cuts a body into the values that it holds: server-sent events, also those whose blank lines are missing, JSON
/// without any, and both in one body. A value is given out as soon as it is complete, so that events which only a line
/// feed parts are not late.
/// </summary>
internal sealed class EventSplitter
{
    public const int MaxEventBytes = 16 * 1024 * 1024;

    private const int MaxNameBytes = 256;

    private readonly ReceivedBytes received = new();

    private readonly OpenValue open = new();

    /// <summary>The open value stands in the body itself, not in lines of <c>data:</c>.</summary>
    private bool isRaw;

    /// <summary>What is left of a line of <c>data:</c>.</summary>
    private ReadOnlyMemory<byte> data;
    private string? name;
    private bool isNameUnused;
    private bool isOver;

    private static ReadOnlySpan<byte> Padding => " \t\0"u8;

    private enum Step { Event, Again, NeedsBytes }

    /// <summary>Room for the body's next bytes; <see cref="Advance"/> says how many came.</summary>
    public Memory<byte> Free => received.Free;

    public void Advance(int count) => received.Advance(count);

    /// <summary>The body has ended.</summary>
    public void Complete() => received.Complete();

    /// <summary>False: more bytes are needed, or all has been given out.</summary>
    public bool TryNext(out ProviderEvent next)
    {
        open.Clear();
        while (true)
        {
            next = default;
            if (isOver) return false;
            if ((long)open.Bytes + received.Rest.Length > MaxEventBytes) return Last(ProviderEventKind.TooLarge, out next) == Step.Event;
            var step = isRaw ? CutRaw(out next) : !data.IsEmpty ? CutData(out next) : ReadLine(out next);
            if (step != Step.Again) return step == Step.Event;
        }
    }

    private Step CutRaw(out ProviderEvent next)
    {
        next = default;
        var piece = received.Rest;
        if (piece.IsEmpty)
        {
            return received.IsComplete ? Last(ProviderEventKind.Cut, out next) : Step.NeedsBytes;
        }

        var length = open.Scan(piece.Span);
        received.Skip(length < 0 ? piece.Length : length);
        if (length < 0)
        {
            open.Keep(piece.Span);
            return Step.Again;
        }

        isRaw = false;
        next = new ProviderEvent(ProviderEventKind.Value, null, open.Complete(piece[..length]));
        return Step.Event;
    }

    private Step CutData(out ProviderEvent next)
    {
        next = default;
        var line = open.IsOpen ? data : data.TrimStart(" \t,\0"u8);
        data = default;
        if (line.IsEmpty) return Step.Again;
        isNameUnused = false;
        var length = open.IsOpen || JsonExtent.Knows(line.Span[0]) ? open.Scan(line.Span) : line.Length;
        if (length < 0)
        {
            open.Keep(line.Span);
            open.Keep("\n"u8);
            return Step.Again;
        }

        data = line[length..];
        next = new ProviderEvent(ProviderEventKind.Value, name, open.Complete(line[..length]));
        return Step.Event;
    }

    private Step ReadLine(out ProviderEvent next)
    {
        next = default;
        received.SkipPadding();
        if (!open.IsOpen && received.Rest.Span is [(byte)'{' or (byte)'[', ..])
        {
            isRaw = true;
            return Step.Again;
        }

        if (received.TryLine(out var line)) return ReadField(line, out next);
        if (!received.IsComplete) return Step.NeedsBytes;
        if (open.IsOpen) return Last(ProviderEventKind.Cut, out next);
        if (EndEvent(out next) == Step.Event) return Step.Event;
        isOver = true;
        return Step.NeedsBytes;
    }

    private Step ReadField(ReadOnlyMemory<byte> line, out ProviderEvent next)
    {
        next = default;
        line = line.TrimEnd(Padding);
        if (line.IsEmpty) return EndEvent(out next);
        var colon = line.Span.IndexOf((byte)':');
        if (colon == 0) return Step.Again;                                               // a comment
        var field = colon < 0 ? default : line.Span[..colon];
        var value = line[(colon + 1)..].TrimStart(Padding);
        if (Ascii.EqualsIgnoreCase(field, "data"u8))
        {
            while (value.Length >= 5 && Ascii.EqualsIgnoreCase(value.Span[..5], "data:"u8)) value = value[5..].TrimStart(Padding);
            data = value;
            return Step.Again;
        }

        if (Ascii.EqualsIgnoreCase(field, "event"u8))
        {
            (name, isNameUnused) = (Encoding.UTF8.GetString(value.Span[..Math.Min(value.Length, MaxNameBytes)]), true);
            return Step.Again;
        }

        if (Ascii.EqualsIgnoreCase(field, "id"u8) || Ascii.EqualsIgnoreCase(field, "retry"u8)) return Step.Again;
        if (open.IsOpen)
        {
            data = line; // a value printed over lines, of which the first has the field's name
            return Step.Again;
        }

        next = Ascii.EqualsIgnoreCase(field, "error"u8)
            ? new ProviderEvent(ProviderEventKind.ErrorField, name, value)
            : new ProviderEvent(ProviderEventKind.Stray, name, line);
        return Step.Event;
    }

    private Step EndEvent(out ProviderEvent next)
    {
        next = open.IsOpen ? new ProviderEvent(ProviderEventKind.Malformed, name)
            : isNameUnused && EventNames.IsError(name) ? new ProviderEvent(ProviderEventKind.ErrorField, name)
            : default;
        open.Break();
        (name, isNameUnused) = (null, false);
        return next == default ? Step.Again : Step.Event;
    }

    private Step Last(ProviderEventKind kind, out ProviderEvent next)
    {
        next = new ProviderEvent(kind, name);
        isOver = true;
        return Step.Event;
    }
}
