using System.Globalization;

namespace EventStore.Client;

/// <summary>The settings behind a connection string's question mark. Keys are read without regard to case, values as
/// they stand.</summary>
internal sealed class ConnectionStringValues
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "connectionName", "maxDiscoverAttempts", "discoveryInterval", "gossipTimeout", "nodePreference", "tls", "tlsVerifyCert", "tlsCaFile",
        "defaultDeadline", "throwOnAppendFailure", "keepAliveInterval", "keepAliveTimeout", "userCertFile", "userKeyFile",
    };

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="query">Null for none.</param>
    public static ConnectionStringValues Parse(string? query)
    {
        var parsed = new ConnectionStringValues();
        if (query is null) return parsed;
        foreach (var pair in query.Split('&'))
        {
            if (pair.Split('=') is not [var key, var value]) throw new ConnectionStringParseException($"'{pair}' is no setting. Write key=value, with & between two of them.");
            if (!parsed.values.TryAdd(key, value)) throw new ConnectionStringParseException($"The setting '{key}' stands there twice.");
        }

        return parsed.values.Keys.FirstOrDefault(key => !Known.Contains(key)) is { } unknown
            ? throw new ConnectionStringParseException($"There is no setting '{unknown}'. There are: {string.Join(", ", Known)}.")
            : parsed;
    }

    public string? Text(string key) => values.GetValueOrDefault(key);

    public bool? Bool(string key) => Text(key) switch
    {
        null => null,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new ConnectionStringParseException($"{key} is true or false, not '{text}'."),
    };

    public int? Number(string key) => Text(key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        var text => throw new ConnectionStringParseException($"{key} is a whole number, not '{text}'."),
    };

    /// <summary>In milliseconds.</summary>
    public TimeSpan? Time(string key) => Number(key) switch
    {
        null => null,
        >= 0 and var value => TimeSpan.FromMilliseconds(value),
        var value => throw new ConnectionStringParseException($"{key} is a number of milliseconds from 0, not {value}."),
    };

    /// <summary>In milliseconds; −1 is no limit.</summary>
    public TimeSpan? TimeOrNone(string key) => Number(key) switch
    {
        -1 => Timeout.InfiniteTimeSpan,
        < -1 and var value => throw new ConnectionStringParseException($"{key} is a number of milliseconds from 0, or -1 for none, not {value}."),
        _ => Time(key),
    };
}
