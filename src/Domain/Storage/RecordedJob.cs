namespace EventSourcedStreams.Domain;

/// <summary>A job that was asked for, as it stands in the log.</summary>
internal sealed record RecordedJob(Revision Revision, LogPosition Position, EventId Id, ServiceEvent.JobRequested Request, EventContext Context);

/// <summary>How far a job had come, as it stands in the log.</summary>
internal sealed record RecordedProgress(Revision Revision, EventId Id, ServiceEvent.JobProgressed Progress);
