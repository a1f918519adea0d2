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

    /// <summary>The stack of the innermost, which is where it began.</summary>
    public static string StackOf(Exception exception) => Chain(exception).Last().StackTrace ?? "   (not thrown)";

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        var depth = 0;
        for (Exception? each = exception; each is not null && depth < MaxDepth; each = each.InnerException, depth++) yield return each;
    }
}
