using System.Diagnostics;
using System.Globalization;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>What of the machine's time, from its making on, other processes have left to the server, this one with its
/// other tests included: what they take makes an answer late that the server is quick with.</summary>
internal sealed class MachineShare(WebProcess server)
{
    private readonly (TimeSpan All, TimeSpan Idle) machineBefore = Machine();
    private readonly TimeSpan ownBefore = Own(server);

    /// <summary>From 0 to 1.</summary>
    public double Left
    {
        get
        {
            var (all, idle) = Machine();
            return all == machineBefore.All ? 1 : Math.Clamp((idle - machineBefore.Idle + Own(server) - ownBefore) / (all - machineBefore.All), 0, 1);
        }
    }

    private static TimeSpan Own(WebProcess server)
    {
        using var process = Process.GetProcessById(server.Id);
        return process.TotalProcessorTime;
    }

    /// <summary>Of all processors together: user, nice, system, idle, waiting for disks, interrupts of both kinds, and
    /// what the machine's own host has taken, each in hundredths of a second.</summary>
    private static (TimeSpan All, TimeSpan Idle) Machine()
    {
        var spent = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(each => TimeSpan.FromMilliseconds(10 * long.Parse(each, CultureInfo.InvariantCulture))).ToList();
        return (spent.Aggregate((sum, each) => sum + each), spent[3] + spent[4]);
    }
}
