namespace EventSourcedStreams.Domain;

/// <summary>
/// An exception of a source, a handler or an app, as it may be logged: its types and where it came from. Its own words
/// stay out: they may quote text, an input or a secret.
/// </summary>
internal static class FaultTrace
{
    private const int MaxDepth = 8;

    /// <summary>The types, the outermost first.</summary>
    public static string TypesOf(Exception exception) => string.Join(" <- ", Chain(exception).Select(each => each.GetType().FullName));

    /// <summary>The stacks, the innermost first, which is where it began.</summary>
    public static string StackOf(Exception exception) =>
        string.Join("\n   --- of what threw it on ---\n", Chain(exception).Reverse().Select(each => each.StackTrace ?? "   (not thrown)"));

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        var depth = 0;
        for (Exception? each = exception; each is not null && depth < MaxDepth; each = each.InnerException, depth++) yield return each;
    }
}
