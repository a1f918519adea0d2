using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.Web;

/// <summary>The quotas as they are now. A configuration that changes is taken as it is read again, and what is limited
/// otherwise than before is counted anew; one with an error in it changes nothing.</summary>
internal sealed partial class CurrentLimits : IDisposable
{
    private readonly IConfiguration configuration;
    private readonly ILogger logger;
    private readonly IDisposable changes;
    private volatile LimitsSection current;

    /// <exception cref="InvalidOperationException">A key is misspelt, or cannot be read.</exception>
    /// <exception cref="OptionsValidationException">A value is not as it should be; names its key.</exception>
    public CurrentLimits(IConfiguration configuration, ILogger<CurrentLimits> logger)
    {
        (this.configuration, this.logger, current) = (configuration, logger, LimitsSection.Read(configuration));
        changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    public LimitsSection Current => current;

    public void Dispose() => changes.Dispose();

    private void Reload()
    {
        try
        {
            current = LimitsSection.Read(configuration);
        }
        catch (Exception e) when (e is InvalidOperationException or OptionsValidationException)
        {
            NotTaken(logger, e.Message);
        }
    }

    [LoggerMessage(315, LogLevel.Error, "The changed section Limits is not taken, and the one before stays: {Why}")]
    private static partial void NotTaken(ILogger logger, string why);
}
