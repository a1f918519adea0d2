using Spectre.Console;

namespace EventSourcedStreams.Audit.Terminal;

/// <summary>How far long work is. Without a bar to move it does nothing.</summary>
public sealed class Advance
{
    private readonly ProgressTask? bar;

    internal Advance(ProgressTask? bar) => this.bar = bar;

    /// <summary>For work that shows none.</summary>
    public static Advance None { get; } = new(bar: null);

    /// <param name="done">So much of <paramref name="of"/>.</param>
    /// <param name="of">Null while the total is unknown.</param>
    public void To(long done, long? of)
    {
        if (bar is null) return;
        bar.IsIndeterminate = of is null or 0;
        if (of is not > 0) return;
        bar.MaxValue = of.Value;
        bar.Value = done;
    }
}
