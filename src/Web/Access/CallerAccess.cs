using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.Web;

/// <summary>The callers that are let in now. A configuration that changes is taken as it is read again; one with an
/// error in it changes nothing.</summary>
internal sealed partial class CallerAccess : IDisposable
{
    private readonly IConfiguration configuration;
    private readonly ILogger logger;
    private readonly IDisposable changes;
    private volatile AccessSettings current;
    private volatile bool isClosed;

    /// <exception cref="InvalidOperationException">A key is misspelt, or cannot be read.</exception>
    /// <exception cref="OptionsValidationException">Names the key that is not as it should be.</exception>
    public CallerAccess(IConfiguration configuration, ILogger<CallerAccess> logger)
    {
        (this.configuration, this.logger) = (configuration, logger);
        current = AccessSettings.Read(configuration);
        isClosed = current.KnowsCallers;
        if (current is { IsNone: true, KnowsCallers: true }) KeysAreNotAsked(logger);
        changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    public AccessSettings Current => current;

    /// <summary>Nothing is asked of callers. A server that has asked once does not open because its last key
    /// goes.</summary>
    public bool IsOpen => current.IsNone || !isClosed;

    /// <summary>Is told of each key that is not as it was any more.</summary>
    public event Action<ApiKey>? Revoked;

    /// <summary>Others than this machine can reach the server: without anything to know callers by, it lets none
    /// in.</summary>
    public void Close() => isClosed = true;

    public void Dispose() => changes.Dispose();

    private void Reload()
    {
        try
        {
            var (before, now) = (current, AccessSettings.Read(configuration));
            if (now.KnowsCallers) isClosed = true;
            current = now;
            foreach (var key in before.Keys.Except(now.Keys)) Revoked?.Invoke(key);
        }
        catch (Exception e) when (e is InvalidOperationException or OptionsValidationException)
        {
            NotTaken(logger, e.Message);
        }
    }

    [LoggerMessage(310, LogLevel.Error, "The changed section Auth is not taken, and the one before stays: {Why}")]
    private static partial void NotTaken(ILogger logger, string why);

    [LoggerMessage(311, LogLevel.Warning, "Auth:Mode is none: no caller is asked for a key, though there are some")]
    private static partial void KeysAreNotAsked(ILogger logger);
}
