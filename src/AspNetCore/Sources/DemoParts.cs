using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a model would say before its text: a thought, a tool's call that takes a second, its result, a
/// source. The same every time.</summary>
/// <param name="rate">Tokens per second.</param>
internal sealed class DemoParts(TimeProvider time, double rate)
{
    private const string CallId = "demo-call-1";
    private const string Tool = "count_words";

    private static readonly TimeSpan ToolTakes = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<string> Thought =
        DemoTokens.Of("The reader wants to see more than text. I count the words of what I am going to say, and name where it comes from.");

    /// <param name="text">What is going to be said.</param>
    public async Task WriteAsync(IReadOnlyList<string> text, IAppender output, CancellationToken ct)
    {
        var thought = output.StartPart(new PartStart(PartKinds.Reasoning));
        foreach (var token in Thought)
        {
            await thought.AppendAsync(token);
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(1 / rate, 1)), time, ct);
        }

        await thought.EndAsync();
        await CallAsync(text, output, ct);
        await output.StartPart(new PartStart(PartKinds.Source)
        {
            Detail = """{"url":"https://example.com/once-upon-a-time","title":"Once upon a time there was a stream of text"}""",
        }).EndAsync();
    }

    private async Task CallAsync(IReadOnlyList<string> text, IAppender output, CancellationToken ct)
    {
        var call = output.StartPart(new PartStart(PartKinds.ToolCall)
        {
            Name = Tool,
            CallId = CallId,
            Encoding = PartEncoding.Json,
            Detail = """{"executed":"app","title":"Count words"}""",
        });
        foreach (var piece in (string[])["{\"text\":", Quoted(Opening(text)), "}"])
            await call.AppendAsync(piece);
        await call.EndAsync();

        var result = output.StartPart(new PartStart(PartKinds.ToolResult) { Of = call.Number, Name = Tool, CallId = CallId, Encoding = PartEncoding.Json });
        await Task.Delay(ToolTakes, time, ct);
        output.KeepAlive();
        await result.AppendAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"words\":{Words(text)}}}"));
        await result.EndAsync();
    }

    private static string Opening(IReadOnlyList<string> text) => string.Concat(text.Take(8));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static int Words(IReadOnlyList<string> text) =>
        string.Concat(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
