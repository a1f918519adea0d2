namespace EventSourcedStreams.Client;

/// <summary>A page of streams, newest first, without their texts.</summary>
/// <param name="NextCursor">Gives the next page; null on the last.</param>
/// <param name="Total">How many there are on all pages; null: that was not asked for.</param>
/// <param name="Position">How far the server's list had come; null: that was not asked for.</param>
public sealed record StreamList(IReadOnlyList<TextStream> Items, string? NextCursor = null, long? Total = null, string? Position = null);
