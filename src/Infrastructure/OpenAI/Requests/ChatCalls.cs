using System.Text.Json;
using System.Threading.Channels;
using Polly;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// Asks one endpoint and reads its answers, for the source and for chat clients alike. What goes wrong before a model
/// has made anything is tried up to three times in all; after that never, or it would be paid for twice.
/// </summary>
internal sealed class ChatCalls(ChatEndpoint endpoint, HttpClient http, TimeProvider time)
{
    /// <summary>That wait to be taken, before an answer begins; more say nothing more.</summary>
    private const int MaxSigns = 64;

    private readonly ChatConnection connection = new(endpoint, http, time);
    private readonly ResiliencePipeline<BegunAnswer> retries = ProviderTries.Pipeline<BegunAnswer>(time);

    public ChatEndpoint Endpoint => endpoint;

    /// <summary>From now on.</summary>
    /// <param name="ct">Ends the answer.</param>
    public AnswerTime Limit(CancellationToken ct) => new(endpoint, time, ct);

    /// <param name="isNamed">The request's <c>provider</c> names this endpoint, and is no part of it.</param>
    /// <param name="limit">To be paused where the answer is not read.</param>
    /// <returns>To the good end, which comes last.</returns>
    /// <exception cref="SourceFailedException">It went wrong.</exception>
    public async IAsyncEnumerable<ChatUpdate> AskAsync(JsonElement request, bool isNamed, AnswerTime limit)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var signs = Channel.CreateBounded<ChatUpdate>(new BoundedChannelOptions(MaxSigns) { FullMode = BoundedChannelFullMode.DropWrite });
        var beginning = BeginAsync(request, isNamed, limit, signs.Writer, left.Token);
        try
        {
            await foreach (var sign in signs.Reader.ReadAllAsync(CancellationToken.None)) yield return sign;
            var answer = await beginning;
            do
            {
                if (answer.Current is not (ChatUpdate.Alive { IsToken: false } or ChatUpdate.End)) limit.TokenCame();
                yield return answer.Current;
            }
            while (await WithinAsync(limit, answer.MoveNextAsync()));
        }
        finally
        {
            await left.CancelAsync();
            await ((Task)beginning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (beginning.IsCompletedSuccessfully) await (await beginning).DisposeAsync();
        }
    }

    private async Task<BegunAnswer> BeginAsync(JsonElement request, bool isNamed, AnswerTime limit, ChannelWriter<ChatUpdate> signs, CancellationToken ct)
    {
        try
        {
            return await WithinAsync(limit, retries.ExecuteAsync(
                async attempt => await BegunAnswer.BeginAsync(await connection.AskAsync(request, isNamed, attempt), Heard, ct), ct));
        }
        finally
        {
            signs.Complete();
        }

        void Heard(ChatUpdate.Alive sign)
        {
            if (sign.IsToken) limit.TokenCame();
            signs.TryWrite(sign);
        }
    }

    private static async ValueTask<T> WithinAsync<T>(AnswerTime limit, ValueTask<T> act)
    {
        try
        {
            return await act;
        }
        catch (ProviderFault fault)
        {
            throw new SourceFailedException(fault.Code, fault.Message, fault.InnerException);
        }
        catch (OperationCanceledException) when (limit.Failure is { } late)
        {
            throw late;
        }
    }
}
