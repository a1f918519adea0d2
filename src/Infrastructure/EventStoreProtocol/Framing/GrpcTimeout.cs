using System.Globalization;

namespace EventSourcedStreams.EventStoreProtocol;

/// <summary>The header <c>grpc-timeout</c>: up to 8 digits and a unit.</summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    private const long MaxDigits = 99_999_999;

    public static string Write(TimeSpan timeout)
    {
        var milliseconds = Math.Max(1, (long)Math.Ceiling(timeout.TotalMilliseconds));
        return milliseconds <= MaxDigits
            ? milliseconds.ToString(CultureInfo.InvariantCulture) + "m"
            : Math.Min(MaxDigits, (long)Math.Ceiling(timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture) + "S";
    }

    /// <summary>Null for none, and for one that is no such value.</summary>
    public static TimeSpan? Read(string? header) =>
        header is [.. { Length: >= 1 and <= 8 } digits, var unit]
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            ? unit switch
            {
                'H' => TimeSpan.FromHours(amount),
                'M' => TimeSpan.FromMinutes(amount),
                'S' => TimeSpan.FromSeconds(amount),
                'm' => TimeSpan.FromMilliseconds(amount),
                'u' => TimeSpan.FromMicroseconds(amount),
                'n' => TimeSpan.FromTicks(amount / 100),
                _ => null,
            }
            : null;
}
