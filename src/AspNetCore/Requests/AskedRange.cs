using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Which bytes of an answer a request asks for.</summary>
internal abstract record AskedRange
{
    private AskedRange() { }

    /// <summary>All of them; also where several ranges are asked for, or what is no range of bytes.</summary>
    public sealed record Whole : AskedRange;

    /// <param name="To">Behind the last byte.</param>
    public sealed record Part(long From, long To) : AskedRange;

    /// <summary>There are no such bytes.</summary>
    public sealed record Beyond : AskedRange;

    /// <param name="tag">What the answer is of; <c>If-Range</c> has to name it.</param>
    public static AskedRange Of(HttpRequest request, EntityTagHeaderValue tag, long length)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfRange?.EntityTag is { } expected && !expected.Compare(tag, useStrongComparison: true)) return new Whole();
        if (request.Headers.Range.Count != 1 || headers.Range is not { } range) return new Whole();
        if (!range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || range.Ranges.Count != 1) return new Whole();
        return range.Ranges.Single() switch
        {
            { From: { } from, To: var to } when from < length => new Part(from, Math.Min(to ?? long.MaxValue, length - 1) + 1),
            { From: null, To: > 0 and var last } when length > 0 => new Part(Math.Max(0, length - last), length),
            _ => new Beyond(),
        };
    }
}
