namespace EventSourcedStreams.StreamBench;

/// <summary>What a process has used since it began.</summary>
/// <param name="CpuSeconds">Of all its threads, in user and in kernel mode.</param>
/// <param name="Methods">Methods that the just-in-time compiler has made; one counts again each time that it is made
/// better.</param>
internal sealed record Used(double CpuSeconds, long Methods);
