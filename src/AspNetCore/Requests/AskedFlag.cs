namespace EventSourcedStreams.AspNetCore;

/// <summary>A parameter that is true or false.</summary>
internal static class AskedFlag
{
    /// <param name="otherwise">Where it is not given.</param>
    /// <exception cref="RefusedException">It is neither.</exception>
    public static bool Parse(string name, string? value, bool otherwise = false) => value switch
    {
        null or "" => otherwise,
        "true" => true,
        "false" => false,
        _ => throw new RefusedException(Refusals.Invalid(name, $"{name} is true or false.")),
    };
}
