using System.Text;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>What the reader made of a body.</summary>
/// <param name="Code">Of the error; null: the end is a good one.</param>
internal sealed record AnswerOutcome(string Text, string? Reason, string? Usage, string? Code, string? Message, bool MayRetry)
{
    public bool IsGood => Code is null;

    /// <summary>A whole body.</summary>
    public static Task<AnswerOutcome> OfAsync(string body) => OfAsync([Encoding.UTF8.GetBytes(body)]);

    /// <summary>A body whose connection is reset behind it.</summary>
    public static Task<AnswerOutcome> OfBrokenAsync(string body) => OfAsync([Encoding.UTF8.GetBytes(body)], then: _ => throw new IOException("reset"));

    /// <summary>Events, each given as its data.</summary>
    public static Task<AnswerOutcome> OfEventsAsync(params string[] data) => OfAsync(StubProvider.Events(data));

    public static async Task<AnswerOutcome> OfAsync(IEnumerable<byte[]> pieces, bool isFramed = true, Func<CancellationToken, Task>? then = null)
    {
        var reader = new ChatAnswerReader(new AnswerFaults("models.example.org", "text/event-stream", new SecretRemoval([])), TimeProvider.System);
        var text = new StringBuilder();
        try
        {
            await foreach (var update in reader.ReadAsync(new PiecewiseBody(pieces, then), isFramed, default))
            {
                if (update is ChatUpdate.Text piece) text.Append(piece.Value);
                if (update is ChatUpdate.End end) return new(text.ToString(), end.Reason, end.Usage, null, null, false);
            }
        }
        catch (ProviderFault fault)
        {
            return new(text.ToString(), null, null, fault.Code, fault.Message, fault.MayRetry);
        }

        throw new InvalidOperationException("The reader neither ended nor threw.");
    }
}
