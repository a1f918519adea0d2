using System.Text;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>
/// Lets to the served log, in which everything stands, only keys with the right <c>admin</c> that are of no tenant. The
/// secret is the password of the connection string, whatever its user.
/// </summary>
internal sealed class GrpcAccess(CallerAccess access, OpenAnswers answers, AccessRecord record)
{
    private const string Scheme = "Basic ";
    private const string Operation = "grpc";

    /// <returns>Null: the call is not let in.</returns>
    public Task? Admit(HttpContext http, Func<Task> call)
    {
        if (access.IsOpen) return call();
        var key = SecretOf(http.Request) is { } secret ? access.Current.Find(secret) : null;
        var isLet = key is { Tenant: null } && key.Has(StreamRight.Admin);
        record.Add(
            key?.Name ?? "anonymous", Operation, stream: null, http.Connection.RemoteIpAddress?.ToString(),
            isLet ? null : key is null ? "unauthenticated" : "forbidden");
        return isLet ? answers.WatchAsync(http, new AccessPass(key, Until: null), call) : null;
    }

    private static string? SecretOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password : null;
    }
}
