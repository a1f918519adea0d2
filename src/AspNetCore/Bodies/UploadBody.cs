using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The driving request's body for a source that takes it: what the client had before it compressed
/// it.</summary>
internal sealed class UploadBody : ReadOnlyStream, ICheckedBody
{
    /// <summary>Bytes of a charset that become one byte of UTF-8, at most: an ASCII character in UTF-32.</summary>
    private const int BytesOfText = 4;

    private const int Spare = 64 * 1024;

    private readonly AwaitedBody received;
    private readonly IReadOnlyList<string>? codings;
    private readonly Stream decoded;

    /// <param name="maxText">UTF-8 bytes that a stream may have: so much bounds what a compressed body can
    /// become.</param>
    /// <param name="most">Bytes of the body as it is sent; null: any number.</param>
    public UploadBody(HttpRequest request, bool replacesInvalid, long maxText, long? most)
    {
        ReplacesInvalid = replacesInvalid;
        received = new AwaitedBody(request.HttpContext, most);
        codings = ContentCodings.Parse(request.Headers.ContentEncoding);
        decoded = ContentCodings.Decode(received, codings ?? [], (BytesOfText * maxText) + Spare);
    }

    /// <summary>Bytes that are no text become U+FFFD rather than an error.</summary>
    public bool ReplacesInvalid { get; }

    /// <summary>Completes when the body is first asked for.</summary>
    public Task Asked => received.Asked;

    public void Check(ITextSource source)
    {
        if (source.TakesBody && codings is null)
            throw new InvalidInputException("Content-Encoding", $"A body is taken as it is, or compressed as {ContentCodings.Known}, up to three times.");
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        decoded.ReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoded.Dispose();
        base.Dispose(disposing);
    }
}
