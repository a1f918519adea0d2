namespace EventSourcedStreams.Domain;

/// <summary>Addresses of files and sources, as a model gave them.</summary>
internal static class GivenAddress
{
    /// <returns>Absolute, or relative to what only its giver knows: a path is not taken for a file of this machine.
    /// Null: there is none, or it can be no address.</returns>
    public static Uri? Of(string? given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var absolute) && (!absolute.IsFile || given!.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) ? absolute
        : Uri.TryCreate(given, UriKind.Relative, out var relative) ? relative
        : null;
}
