namespace EventSourcedStreams.Chat;

/// <summary>Answers anything, pleasantly and at a readable pace, so that the sample needs no key and no
/// network. A question that speaks of failing is obeyed.</summary>
internal static class BuiltInWriter
{
    private static readonly string[] Thoughts =
    [
        "Most good answers begin with a walk. Leave the question on the desk, go round the block once, and look at it again when you are "
            + "back: it will have become smaller, or it will have become two questions, and one of them you know.",
        "I would begin with the smallest piece that could be wrong, try it today, and let the result argue with me. Plans are pleasant to "
            + "write; small experiments are pleasant to have written.",
        "A gardener would say: water it in the morning, do not pull at it, and come back tomorrow. Surprisingly many things are gardens, "
            + "and hardly anything grows faster because somebody looks at it.",
        "There is an old trick: explain it to somebody who does not mind asking why. By the third why you will either have the answer or "
            + "know exactly whom to ask for it, which is nearly as good.",
    ];

    public static async Task WriteAsync(string question, TimeSpan pause, AppendText append, CancellationToken ct)
    {
        var text = $"You asked: “{Shortened(question)}” – a good thing to wonder about.\n\n"
            + $"{Thoughts[question.Length % Thoughts.Length]}\n\n"
            + "I am the writer that this sample has built in, so take it as a kind word and not as advice. Reload the page while I write, "
            + "or open it in a second tab: every word that you have seen is kept, and the rest follows.";
        var words = text.Split(' ');
        var fails = question.Contains("fail", StringComparison.OrdinalIgnoreCase);
        var count = fails ? words.Length / 2 : words.Length;
        var space = "";
        foreach (var word in words.Take(count))
        {
            await append(space + word);
            space = " ";
            await Task.Delay(pause, ct);
        }

        if (fails) throw new SourceFailedException("asked-to-fail", "The built-in writer was asked to fail, and did.");
    }

    private static string Shortened(string question) => question.Length <= 80 ? question : question[..80].TrimEnd() + "…";
}
