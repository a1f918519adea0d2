namespace EventSourcedStreams.Domain;

/// <summary>An export's last line.</summary>
/// <param name="Streams">All of them, deleted and damaged ones too.</param>
/// <param name="Sha256">Of all bytes before the last line; hex, lower case.</param>
internal sealed record ExportManifest(long Streams, long Deleted, long Damaged, long Events, string Sha256);
