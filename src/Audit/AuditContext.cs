using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit;

/// <summary>What every command is given.</summary>
public sealed record AuditContext(AuditConsole Console, TimeProvider Time);
