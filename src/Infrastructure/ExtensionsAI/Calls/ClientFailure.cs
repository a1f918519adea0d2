using System.Globalization;
using System.Net;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>What a client's exception says of a provider, without its words, which may quote a prompt or a
/// key.</summary>
internal static class ClientFailure
{
    /// <summary>Whether another try might go better.</summary>
    public static bool IsPassing(Exception e) => StatusOf(e) switch
    {
        { } status => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        null => e is HttpRequestException or IOException or TimeoutException,
    };

    /// <returns>Null: it is the app's own, of which only the type is told.</returns>
    public static SourceFailedException? Of(Exception e, bool hasContent) => e switch
    {
        SourceFailedException => null,
        _ when StatusOf(e) is { } status => new(
            hasContent ? "provider-interrupted" : IsPassing(e) ? "provider-error" : "provider-refused",
            $"The model's provider answered {((int)status).ToString(CultureInfo.InvariantCulture)}.", e),
        HttpRequestException http => new(hasContent ? "provider-interrupted" : "provider-error", $"The model's provider could not be reached ({http.HttpRequestError}).", e),
        IOException => new(hasContent ? "provider-interrupted" : "provider-error", "The connection to the model's provider broke off.", e),
        TimeoutException or OperationCanceledException => new("provider-timeout", "The model's provider took too long.", e),
        _ => null,
    };

    /// <summary>Exceptions of clients have it under one of two names; none of them is a package of ours.</summary>
    private static HttpStatusCode? StatusOf(Exception e)
    {
        if (e is HttpRequestException http) return http.StatusCode;
        var type = e.GetType();
        var status = (type.GetProperty("Status") ?? type.GetProperty("StatusCode"))?.GetValue(e);
        return status switch
        {
            HttpStatusCode code => code,
            int code and >= 400 and < 600 => (HttpStatusCode)code,
            _ => null,
        };
    }
}
