using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a driver of the raw text is told behind it, where the protocol has trailers: HTTP/2 and
/// later.</summary>
internal static class DriverTrailers
{
    private const string Status = "X-Stream-Status";
    private const string Revision = "X-Stream-Revision";
    private const string Length = "X-Stream-Length";

    /// <summary>Before the answer begins.</summary>
    public static void Declare(HttpResponse response)
    {
        if (!response.SupportsTrailers()) return;
        foreach (var name in new[] { Status, Revision, Length }) response.DeclareTrailer(name);
    }

    public static void Append(HttpResponse response, DriverEnd end)
    {
        if (!response.SupportsTrailers()) return;
        response.AppendTrailer(Status, end.Status!.Value.Name());
        if (end.Revision is { } revision) response.AppendTrailer(Revision, revision.ToString());
        response.AppendTrailer(Length, end.Length.ToString(CultureInfo.InvariantCulture));
    }
}
