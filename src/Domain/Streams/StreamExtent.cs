namespace EventSourcedStreams.Domain;

/// <summary>How much of a stream there is: before an event, or at its end.</summary>
/// <param name="Chunks">Of the body.</param>
/// <param name="Length">UTF-8 bytes of the body.</param>
/// <param name="Parts">How many parts have been started.</param>
/// <param name="PartBytes">UTF-8 bytes of all parts: their texts, and their details as stored.</param>
internal readonly record struct StreamExtent(int Chunks, long Length, int Parts, long PartBytes);
