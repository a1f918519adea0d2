using Microsoft.Extensions.Primitives;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What <c>Content-Encoding</c> says of a body.</summary>
internal static class ContentCodings
{
    /// <summary>For <c>Accept-Encoding</c> of a refusal.</summary>
    public const string Known = "gzip, deflate, br";

    /// <summary>A body is coded once; more codings than this are an attack.</summary>
    private const int MaxCodings = 3;

    /// <summary>In the order in which they were applied, without <c>identity</c>; null: one of them is not known, or
    /// they are too many.</summary>
    public static IReadOnlyList<string>? Parse(StringValues header)
    {
        var codings = new List<string>();
        foreach (var coding in header.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (coding.ToLowerInvariant())
            {
                case "identity": break;
                case "gzip" or "x-gzip": codings.Add("gzip"); break;
                case "deflate": codings.Add("deflate"); break;
                case "br": codings.Add("br"); break;
                default: return null;
            }
        }

        return codings.Count <= MaxCodings ? codings : null;
    }

    /// <summary>The body as it was before it was coded; the bound is each coding's.</summary>
    /// <param name="codings">As <see cref="Parse"/> gives them.</param>
    /// <param name="maxBytes">What comes out of a coding, at most; past it reading fails as <c>too-long</c>.</param>
    public static Stream Decode(Stream body, IReadOnlyList<string> codings, long maxBytes) =>
        codings.Reverse().Aggregate(body, (coded, coding) => new DecodedBody(coded, coding, maxBytes));
}
