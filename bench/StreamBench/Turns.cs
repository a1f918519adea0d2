namespace EventSourcedStreams.StreamBench;

/// <summary>Which of the two is measured first in a round: what else the machine does meets both alike.</summary>
internal static class Turns
{
    /// <returns>Both, once each; true: ours.</returns>
    public static bool[] Of(int round) => round % 2 == 0 ? [false, true] : [true, false];
}
