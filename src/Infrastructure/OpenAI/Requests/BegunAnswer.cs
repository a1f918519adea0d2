namespace EventSourcedStreams.OpenAI;

/// <summary>An answer of which the first thing has come: it is not asked for again.</summary>
internal sealed class BegunAnswer : IAsyncDisposable
{
    private readonly ChatResponse response;
    private readonly IAsyncEnumerator<ChatUpdate> updates;

    private BegunAnswer(ChatResponse response, CancellationToken ct) => (this.response, updates) = (response, response.ReadAsync(ct).GetAsyncEnumerator(ct));

    public ChatUpdate Current => updates.Current;

    /// <summary>Owns the response from here on.</summary>
    /// <param name="heard">Signs of life that come before.</param>
    /// <exception cref="ProviderFault">From here and from moving on.</exception>
    public static async Task<BegunAnswer> BeginAsync(ChatResponse response, Action<ChatUpdate.Alive> heard, CancellationToken ct)
    {
        var answer = new BegunAnswer(response, ct);
        try
        {
            while (await answer.MoveNextAsync() && answer.Current is ChatUpdate.Alive alive) heard(alive);
            return answer;
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    public ValueTask<bool> MoveNextAsync() => updates.MoveNextAsync();

    public async ValueTask DisposeAsync()
    {
        await updates.DisposeAsync();
        response.Dispose();
    }
}
