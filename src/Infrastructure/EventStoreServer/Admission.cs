using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Lets calls in by the credentials that they bring; others end as EventStoreDB ends them.</summary>
internal static class Admission
{
    private const string Why = "Give the key of an administrator in the connection string, as esdb://key:SECRET@127.0.0.1.";

    public static void UseAdmission(this IApplicationBuilder app, Func<HttpContext, Func<Task>, Task?> admit) =>
        app.Use((http, next) => admit(http, () => next(http)) ?? Refuse(http.Response));

    /// <summary>A call without messages: its status stands in the headers.</summary>
    private static Task Refuse(HttpResponse response)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Why;
        return Task.CompletedTask;
    }
}
