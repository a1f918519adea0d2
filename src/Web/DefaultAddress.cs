namespace EventSourcedStreams.Web;

internal static class DefaultAddress
{
    public const string Url = "http://127.0.0.1:5280";

    private static readonly string[] KeysThatSayWhere = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>Said here and not in a settings file, which would win over the environment's
    /// <c>ASPNETCORE_URLS</c>.</summary>
    public static void ListenOnLoopbackByDefault(this WebApplicationBuilder builder)
    {
        if (!KeysThatSayWhere.Any(key => builder.Configuration.GetSection(key).Exists())) builder.WebHost.UseUrls(Url);
    }
}
