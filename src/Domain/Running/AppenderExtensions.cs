
namespace EventSourcedStreams.Domain;

internal static class AppenderExtensions
{
    /// <summary>Waits while too much is unsaved, but no longer than the stream goes on.</summary>
    public static Task AppendAsync(this IAppender output, string text, CancellationToken ct) =>
        output.AppendAsync(text).UnlessEndedAsync(ct);

    /// <inheritdoc cref="AppendAsync(IAppender, string, CancellationToken)"/>
    public static Task AppendAsync(this IAppender output, ReadOnlySpan<char> text, CancellationToken ct) =>
        output.AppendAsync(text).UnlessEndedAsync(ct);

    /// <summary>Waits for what was taken, but no longer than the stream goes on.</summary>
    public static Task UnlessEndedAsync(this Task taken, CancellationToken ct) => taken.IsCompleted ? taken : taken.WaitAsync(ct);
}
