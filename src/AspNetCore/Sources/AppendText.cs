namespace EventSourcedStreams;

/// <summary>
/// Takes the next piece of a stream's text. It has been taken when the call returns, in the order of the calls; the
/// task completes later only while too much text is unsaved, and need not be awaited.
/// </summary>
public delegate Task AppendText(string text);
