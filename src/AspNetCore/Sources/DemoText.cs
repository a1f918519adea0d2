namespace EventSourcedStreams.AspNetCore;

internal static class DemoText
{
    /// <summary>About 120 tokens; says what the program does, and holds what breaks careless programs: umlauts, CJK,
    /// emoji.</summary>
    public const string Text =
        """
        Once upon a time there was a stream of text. It came word by word, as from a model that thinks aloud, and every word was shown at once. Beside it, sentence by sentence, it was written into a log.

        Then somebody closed the laptop. “Too bad,” said the browser, “now it is gone!” But it was not: the log had kept it, and whoever came back read on from exactly where they had stopped. 🎉

        Grüße aus Köln, naïve café, ½ price: all of it is text. 日本語も流れます。 Emoji too: 👩‍🚀 🌍. Nothing is lost, nothing comes twice, and many can watch. Reload the page and see.
        """;

    /// <summary>Between two times through a text.</summary>
    public const string Again = "\n\n";
}
