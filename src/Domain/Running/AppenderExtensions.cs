
namespace EventSourcedStreams.Domain;

internal static class AppenderExtensions
{
    /// <summary>Waits while too much is unsaved, but no longer than the stream goes on.</summary>
    public static ValueTask AppendAsync(this IAppender output, string text, CancellationToken ct) =>
        output.AppendAsync(text).UnlessEndedAsync(ct);

    /// <inheritdoc cref="AppendAsync(IAppender, string, CancellationToken)"/>
    public static ValueTask AppendAsync(this IAppender output, ReadOnlySpan<char> text, CancellationToken ct) =>
        output.AppendAsync(text).UnlessEndedAsync(ct);

    /// <summary>Waits for what was taken, but no longer than the stream goes on.</summary>
    public static ValueTask UnlessEndedAsync(this ValueTask taken, CancellationToken ct) =>
        taken.IsCompleted ? taken : new ValueTask(taken.AsTask().WaitAsync(ct));
}
