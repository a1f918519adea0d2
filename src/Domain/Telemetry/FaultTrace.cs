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

    /// <summary>What the log itself says is told in its words; of anything else only the types.</summary>
    public static string WhyOf(Exception exception) => IsOfTheLog(exception) ? exception.Message : TypesOf(exception);

    /// <summary>The stacks, each line begun anew, the innermost first, which is where it began. Empty for what the log
    /// itself says: where in the program that was found says nothing.</summary>
    public static string StackOf(Exception exception) => IsOfTheLog(exception)
        ? ""
        : string.Join("\n   --- of what threw it on ---", Chain(exception).Reverse().Select(each => "\n" + (each.StackTrace ?? "   (not thrown)")));

    private static bool IsOfTheLog(Exception exception) => exception is LogDamagedException or LogUnavailableException;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        var depth = 0;
        for (Exception? each = exception; each is not null && depth < MaxDepth; each = each.InnerException, depth++) yield return each;
    }
}
