namespace EventSourcedStreams.Audit.Terminal;

/// <summary>What every command is given.</summary>
public sealed record AuditContext(AuditConsole Console, TimeProvider Time);
