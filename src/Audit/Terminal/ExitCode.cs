namespace EventSourcedStreams.Audit.Terminal;

/// <summary>What the program answers to the shell. Scripts depend on these: they never change.</summary>
public static class ExitCode
{
    /// <summary>Done; where something was checked, it is clean.</summary>
    public const int Ok = 0;

    /// <summary>Something was found: damage, a change, a difference.</summary>
    public const int Findings = 1;

    /// <summary>It could not be done: a wrong command line, a store that cannot be read, no room for what was to be
    /// written.</summary>
    public const int CannotRead = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM. Nothing half-written is left.</summary>
    public const int Interrupted = 130;
}
