using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The time that a stop may take (<see cref="HostOptions.ShutdownTimeout"/>) counts from when running streams
/// have had theirs.</summary>
internal sealed class DrainingTime(IOptions<TextStreamsOptions> streams) : IPostConfigureOptions<HostOptions>
{
    public void PostConfigure(string? name, HostOptions options)
    {
        if (options.ShutdownTimeout != Timeout.InfiniteTimeSpan) options.ShutdownTimeout += DrainTimeout();
    }

    private TimeSpan DrainTimeout()
    {
        try
        {
            return streams.Value.Streams.DrainTimeout;
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            return TimeSpan.Zero; // the start says what is wrong with them
        }
    }
}
