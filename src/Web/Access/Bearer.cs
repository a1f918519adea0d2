namespace EventSourcedStreams.Web;

internal static class Bearer
{
    private const string Scheme = "Bearer ";

    /// <summary>What stands behind <c>Authorization: Bearer</c>; null: there is no such header, or more than
    /// one.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    public static string Header(string credential) => Scheme + credential;
}
