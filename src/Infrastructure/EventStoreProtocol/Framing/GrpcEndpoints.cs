using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>gRPC methods as endpoints of an ASP.NET Core app that listens with HTTP/2.</summary>
public static partial class GrpcEndpoints
{
    /// <summary>Serves one method.</summary>
    /// <param name="handle">Reads requests and writes responses; ends the call well by returning, else by a <see cref="GrpcException"/>.
    /// Its token fires when the client ends the call, and at the call's deadline.</param>
    public static IEndpointConventionBuilder MapGrpc<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        Func<GrpcServerCall<TRequest, TResponse>, CancellationToken, Task> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        endpoints.MapPost(method.Path, http => RunAsync(http, method, handle));

    /// <summary>Answers every other method of a service: there is none of that name.</summary>
    public static IEndpointConventionBuilder MapGrpcUnimplemented(this IEndpointRouteBuilder endpoints, string service) =>
        endpoints.MapPost($"/{service}/{{method}}", http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers[GrpcStatusHeaders.Status] = "12";
            http.Response.Headers[GrpcStatusHeaders.Message] = "Method is unimplemented.";
            return Task.CompletedTask;
        });

    private static async Task RunAsync<TRequest, TResponse>(
        HttpContext http, GrpcMethod<TRequest, TResponse> method, Func<GrpcServerCall<TRequest, TResponse>, CancellationToken, Task> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        // A call may be quiet for hours.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Response.ContentType = "application/grpc";
        var timeout = GrpcTimeout.Read(http.Request.Headers[GrpcTimeout.Header]);
        var time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
        using var deadline = timeout is { } limit && limit < LongestTimer ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        var call = new GrpcServerCall<TRequest, TResponse>(method, http, timeout);
        try
        {
            await handle(call, ended.Token).ConfigureAwait(false);
            call.End(Code.Ok, "", NoTrailers);
        }
        catch (GrpcException e)
        {
            call.End(e.Status, e.Detail, e.Trailers);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            call.End(Code.DeadlineExceeded, "Deadline Exceeded", NoTrailers);
        }
        catch (Exception e)
        {
            Failed(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GrpcEndpoints)), e, method.Path);
            call.End(Code.Unknown, "The server failed; its log says how.", NoTrailers);
        }
    }

    /// <summary>A timer counts no further: longer deadlines are none.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private static Dictionary<string, string> NoTrailers { get; } = [];

    [LoggerMessage(1, LogLevel.Error, "gRPC call {Method} failed")]
    private static partial void Failed(ILogger logger, Exception e, string method);
}
