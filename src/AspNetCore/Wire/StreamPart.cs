namespace EventSourcedStreams;

/// <summary>A part of a stream, as its source began it.</summary>
/// <param name="Number">1, 2, … in the order in which the stream's parts were started.</param>
public sealed record StreamPart(int Number, PartStart Start);
