namespace EventSourcedStreams.Domain;

/// <summary>Takes text of which some stands for bytes that were none; the stream's ending says how much.</summary>
internal interface IReplacingAppender : IAppender
{
    /// <param name="replaced">How many U+FFFD in the text stand for bytes that were no text.</param>
    /// <inheritdoc cref="IAppender.AppendAsync(string)"/>
    Task AppendAsync(ReadOnlySpan<char> text, int replaced);
}
