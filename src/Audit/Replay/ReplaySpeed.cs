using System.Globalization;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Replay;

/// <summary>How much faster than it was; null for without any pause.</summary>
internal readonly record struct ReplaySpeed(double? Factor)
{
    private const double Least = 0.01;
    private const double Most = 100_000;

    public static ReplaySpeed Parse(string text) => text == "max"
        ? new(null)
        : double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            && factor is >= Least and <= Most
            ? new(factor)
            : throw new AuditException($"--speed is a factor of {Least} to {Most}, as 1x or 10x, or max; '{text}' is not.");
}
