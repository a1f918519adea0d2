using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>An answer of which the first thing has come: it is not asked for again.</summary>
internal sealed class BegunAnswer : IAsyncDisposable
{
    private readonly ChatResponse response;
    private readonly IAsyncEnumerator<ChatUpdate> updates;

    private BegunAnswer(ChatResponse response, CancellationToken ct) => (this.response, updates) = (response, response.ReadAsync(ct).GetAsyncEnumerator(ct));

    public ChatUpdate Current => updates.Current;

    /// <exception cref="ProviderFault">From here and from moving on.</exception>
    public static async Task<BegunAnswer> BeginAsync(ChatConnection connection, JsonElement body, CancellationToken ct)
    {
        var answer = new BegunAnswer(await connection.AskAsync(body, isNamed: false, ct), ct);
        try
        {
            await answer.MoveNextAsync();
            return answer;
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    /// <summary>To the next update that says something.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (await updates.MoveNextAsync())
        {
            if (updates.Current is not ChatUpdate.Alive) return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await updates.DisposeAsync();
        response.Dispose();
    }
}
