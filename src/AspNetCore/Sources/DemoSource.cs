using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Paced text for trying things out: the same tokens every time, with no provider and no cost.</summary>
internal sealed class DemoSource(TimeProvider time) : ITextSource
{
    /// <summary>No timer is set for less: at a high rate several tokens come at one wake-up.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private static readonly IReadOnlyList<string> BuiltIn = DemoTokens.Of(DemoText.Text);

    public string Name => "demo";

    public void Validate(JsonElement? input) => DemoInput.Parse(input);

    public SourceDescription Describe(JsonElement? input) => new(Provider: null, Model: null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var input = DemoInput.Parse(request.Input);
        var text = input.Text is { } own ? DemoTokens.Of(own) : BuiltIn;
        var length = input.Length ?? text.Count;
        if (input.Fail) length = InMidSentence(text, length);

        if (input.Parts) await new DemoParts(time, input.Rate).WriteAsync(text, output, ct);
        await WriteAsync(text, length, input.Rate, output, ct);

        if (input.Fail) throw new SourceFailedException("demo-failed", "The demo failed as it was asked to (\"fail\": true). The text until here is kept.");
        return new SourceResult(FinishReason: length == text.Count ? "stop" : "length");
    }

    /// <summary>The nth token is due n / rate seconds after the start, so neither timers nor pauses make it
    /// drift.</summary>
    private async Task WriteAsync(IReadOnlyList<string> text, int length, double rate, IAppender output, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        for (var played = 0; played < length;)
        {
            // The little more keeps 0.7 s at 10 a second from being 6.99999 tokens.
            var due = Math.Min(length, 1 + Math.Floor((time.GetElapsedTime(start).TotalSeconds * rate) + 1e-6));
            for (; played < due; played++)
            {
                ct.ThrowIfCancellationRequested();
                await output.AppendAsync(TokenAt(text, played), ct);
            }

            if (played == length) break;
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(((played / rate) - time.GetElapsedTime(start).TotalSeconds) * 1000));
            await Task.Delay(wait > ShortestWait ? wait : ShortestWait, time, ct);
        }
    }

    /// <summary>A text that is too short is played again, after an empty line that counts as one token.</summary>
    private static string TokenAt(IReadOnlyList<string> text, int index)
    {
        var place = index % (text.Count + 1);
        return place == text.Count ? DemoText.Again : text[place];
    }

    private static int InMidSentence(IReadOnlyList<string> text, int length)
    {
        while (length > 0 && DemoTokens.EndsSentence(TokenAt(text, length - 1))) length--;
        return length;
    }
}
