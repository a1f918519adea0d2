using System.Runtime.InteropServices;
using EventSourcedStreams.Audit;
using EventSourcedStreams.Audit.Terminal;

// The first Ctrl-C lets the command clean up after itself; a second one ends the process as it would any other.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await AuditProgram.RunAsync(args, AuditConsole.OfProcess(), TimeProvider.System, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
