using System.Net;
using Microsoft.Extensions.FileProviders;

namespace EventSourcedStreams.Web;

/// <summary>The page as it is sent: the file, with what only the server knows put in.</summary>
internal sealed class PageMarkup(IFileProvider files, IServiceProvider services)
{
    private readonly Lazy<bool> hasModel = new(() => ModelOffer.IsThere(services));

    public string Home() => Read().Replace("data-model=\"off\"", $"data-model=\"{(hasModel.Value ? "on" : "off")}\"", StringComparison.Ordinal)
        .Replace("{{version}}", WebUtility.HtmlEncode(ServerVersion.Text), StringComparison.Ordinal);

    /// <summary>Lies one folder below, and begins with the stream.</summary>
    public string OfStream() => Home()
        .Replace("=\"./", "=\"../", StringComparison.Ordinal)
        .Replace("data-view=\"home\"", "data-view=\"stream\"", StringComparison.Ordinal);

    private string Read()
    {
        using var reader = new StreamReader(files.GetFileInfo("index.html").CreateReadStream());
        return reader.ReadToEnd();
    }
}
