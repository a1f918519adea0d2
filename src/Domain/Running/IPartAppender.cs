namespace EventSourcedStreams;

/// <summary>
/// Takes the text of one part, piece by piece, in the order of the calls, from one caller at a time; different parts
/// and the body may be written at once. What comes after the stream's end is dropped.
/// </summary>
public interface IPartAppender
{
    /// <summary>1, 2, … in the order in which the stream's parts were started; 0 of an appender that knows no
    /// parts.</summary>
    int Number { get; }

    /// <inheritdoc cref="IAppender.AppendAsync(string)"/>
    /// <exception cref="InvalidOperationException">The part has ended, or is of the kind <see cref="PartKinds.Text"/>,
    /// which has no text of its own. The stream goes on.</exception>
    ValueTask AppendAsync(string text);

    /// <inheritdoc cref="AppendAsync(string)"/>
    ValueTask AppendAsync(ReadOnlySpan<char> text);

    /// <summary>The part is complete, behind the text that has come so far. One that its source forgets is cut off when
    /// the stream ends.</summary>
    /// <exception cref="ArgumentException">The end's detail is no JSON object, or is longer than 16 KiB. The part is
    /// still open.</exception>
    /// <exception cref="InvalidOperationException">The part has ended already. The stream goes on.</exception>
    ValueTask EndAsync(PartEnd? end = null);
}
