
namespace EventSourcedStreams.Domain;

internal static class AppenderExtensions
{
    /// <summary>Waits while too much is unsaved, but no longer than the stream goes on.</summary>
    public static Task AppendAsync(this IAppender output, string text, CancellationToken ct) =>
        UnlessEnded(output.AppendAsync(text), ct);

    /// <inheritdoc cref="AppendAsync(IAppender, string, CancellationToken)"/>
    public static Task AppendAsync(this IAppender output, ReadOnlySpan<char> text, CancellationToken ct) =>
        UnlessEnded(output.AppendAsync(text), ct);

    private static Task UnlessEnded(Task taken, CancellationToken ct) => taken.IsCompleted ? taken : taken.WaitAsync(ct);
}
