using System.Globalization;
using System.Text;

namespace EventSourcedStreams.StreamBench;

/// <summary>Distributions as a picture: for each value the share that is at most so large, the values on a logarithmic
/// axis.</summary>
internal static class Plot
{
    private const int Width = 640;
    private const int Height = 320;
    private const int Left = 56;
    private const int Bottom = 40;

    private static readonly string[] Colours = ["#0b7285", "#adb5bd"];

    public static string Svg(string title, string unit, params (string Name, Distribution Values)[] all)
    {
        var (least, most) = (all.Min(one => Math.Max(one.Values.At(0.001), 1e-3)), all.Max(one => one.Values.At(0.999)));
        var (low, high) = (Math.Floor(Math.Log10(least)), Math.Ceiling(Math.Log10(most)));
        double X(double value) => Left + ((Math.Log10(Math.Max(value, Math.Pow(10, low))) - low) / (high - low) * (Width - Left - 48));
        double Y(double share) => Height - Bottom - (share * (Height - Bottom - 40));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="12">
            <rect width="{Width}" height="{Height}" fill="#ffffff"/>
            <text x="{Left}" y="20" font-size="14" fill="#212529">{title}</text>

            """);
        foreach (var share in new[] { 0, 0.25, 0.5, 0.75, 1 })
            svg.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{Left}" x2="{Width - 16}" y1="{Y(share):0.#}" y2="{Y(share):0.#}" stroke="#e9ecef"/>
                <text x="{Left - 8}" y="{Y(share) + 4:0.#}" text-anchor="end" fill="#495057">{share * 100:0} %</text>

                """);
        for (var power = low; power <= high; power++)
            svg.Append(CultureInfo.InvariantCulture, $"""
                <text x="{X(Math.Pow(10, power)):0.#}" y="{Height - 18}" text-anchor="middle" fill="#495057">{Math.Pow(10, power):0.###} {unit}</text>

                """);
        for (var i = 0; i < all.Length; i++)
        {
            var points = Enumerable.Range(0, 200).Select(step => step / 199.0)
                .Select(share => FormattableString.Invariant($"{X(all[i].Values.At(share)):0.#},{Y(share):0.#}"));
            svg.Append(CultureInfo.InvariantCulture, $"""
                <polyline fill="none" stroke="{Colours[i % Colours.Length]}" stroke-width="2" points="{string.Join(' ', points)}"/>
                <text x="{Width - 20}" y="{Height - Bottom - 12 - (i * 16)}" text-anchor="end" fill="{Colours[i % Colours.Length]}">{all[i].Name}</text>

                """);
        }

        return svg.Append("</svg>\n").ToString();
    }
}
