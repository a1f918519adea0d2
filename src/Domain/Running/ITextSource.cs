using System.Text.Json;

namespace EventSourcedStreams;

/// <summary>Where a stream's text comes from.</summary>
public interface ITextSource
{
    /// <summary>The name by which <c>source</c> chooses it.</summary>
    string Name { get; }

    /// <summary>Checks a stream's <c>input</c> before the stream is created; null where nothing was given.</summary>
    /// <exception cref="InvalidInputException">Names the field and says what to do.</exception>
    void Validate(JsonElement? input);

    /// <summary>Whether the driving request's body is the text.</summary>
    bool TakesBody => false;

    /// <summary>Checks the driving request before the stream is claimed; null: it sent no Content-Type.</summary>
    /// <exception cref="InvalidInputException">Names what to send instead.</exception>
    void ValidateBody(string? contentType) { }

    /// <summary>What is noted in <c>StreamStarted</c>.</summary>
    SourceDescription Describe(JsonElement? input);

    /// <summary>
    /// Produces the text. Returning ends the stream well. Throwing ends it as an error:
    /// <see cref="SourceFailedException"/> says its own code and message; of any other exception only its type goes
    /// into the log. When <paramref name="ct"/> fires, the stream is being ended from elsewhere, and what is appended
    /// from then on is not kept.
    /// </summary>
    Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct);
}
