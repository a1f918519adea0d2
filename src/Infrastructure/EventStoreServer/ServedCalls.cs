using System.Text.RegularExpressions;
using EventSourcedStreams.Domain;
using EventSourcedStreams.EventStoreProtocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Runs calls until they end or the server stops; what the log throws becomes a status, and nothing more of it leaves.</summary>
internal sealed partial class ServedCalls(ILogger logger, CancellationToken stopping)
{
    public void Map<TRequest, TResponse>(
        IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        Func<GrpcServerCall<TRequest, TResponse>, CancellationToken, Task> handle)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        endpoints.MapGrpc(method, (call, ct) => RunAsync(method.Name, token => handle(call, token), ct));

    private async Task RunAsync(string method, Func<CancellationToken, Task> run, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        try
        {
            await run(either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw Refused.Stopping();
        }
        catch (LogUnavailableException)
        {
            throw stopping.IsCancellationRequested ? Refused.Stopping() : Refused.NotAvailable();
        }
        catch (LogDamagedException e)
        {
            Damaged(logger, e, method);
            throw Refused.Damaged();
        }
        catch (RegexMatchTimeoutException)
        {
            throw Refused.Invalid("The filter's regular expression takes too long; one without backtracking does not.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} met damage in the log")]
    private static partial void Damaged(ILogger logger, Exception e, string method);
}
