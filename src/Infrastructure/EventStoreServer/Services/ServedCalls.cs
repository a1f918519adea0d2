using System.Text.RegularExpressions;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.EventStoreServer;

/// <summary>Runs calls until they end or the server stops; what the log throws becomes a status, and nothing more of it
/// leaves.</summary>
internal sealed partial class ServedCalls(ILogger logger, CancellationToken stopping)
{
    public Task RunAsync(ServerCallContext context, Func<CancellationToken, Task> run) =>
        RunAsync(context, async ct =>
        {
            await run(ct);
            return true;
        });

    /// <param name="run">Its token fires when the client ends the call, at the call's deadline, and when the server
    /// stops.</param>
    public async Task<T> RunAsync<T>(ServerCallContext context, Func<CancellationToken, Task<T>> run)
    {
        var ct = context.CancellationToken;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        try
        {
            return await run(either.Token);
        }
        catch (RpcException)
        {
            throw;
        }
        catch (Exception e) when (ct.IsCancellationRequested)
        {
            // The client has left, or the deadline has passed: no answer is heard any more.
            throw new OperationCanceledException(e.Message, e, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException && stopping.IsCancellationRequested)
        {
            throw Refused.Stopping();
        }
        catch (LogUnavailableException)
        {
            throw stopping.IsCancellationRequested ? Refused.Stopping() : Refused.NotAvailable();
        }
        catch (LogDamagedException e)
        {
            Damaged(logger, e, context.Method);
            throw Refused.Damaged();
        }
        catch (RegexMatchTimeoutException)
        {
            throw Refused.Invalid("The filter's regular expression takes too long; one without backtracking does not.");
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or IOException)
        {
            throw Refused.NoMessage();
        }
        catch (Exception e)
        {
            Failed(logger, e, context.Method);
            throw Refused.Failed();
        }
    }

    [LoggerMessage(430, LogLevel.Error, "{Method} met damage in the log")]
    private static partial void Damaged(ILogger logger, Exception e, string method);

    [LoggerMessage(432, LogLevel.Error, "{Method} failed")]
    private static partial void Failed(ILogger logger, Exception e, string method);
}
