using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.Client;

/// <summary>
/// Uploads one text in blocks, each as soon as there is something of it, and goes on after a cut where the server says
/// that it is. Only what is not durable yet is kept.
/// </summary>
internal sealed class StreamUpload(ApiSender api, string stream, TextStreamsClientOptions options, ILogger logger)
{
    private const string Offset = "Upload-Offset";
    private const string Complete = "Upload-Complete";
    private const int BlockBytes = 256 * 1024;

    /// <summary>With less room than this the server is waited for.</summary>
    private const int Room = 4096;

    private readonly ReconnectDelay delay = new(options);
    private readonly byte[] block = new byte[BlockBytes];
    private long durable;
    private int held;
    private bool hasAnswered;

    private long End => durable + held;

    /// <returns>The stream as it has ended, without its text.</returns>
    public async Task<TextStream> RunAsync(Stream text, CancellationToken ct)
    {
        while (true)
        {
            while (BlockBytes - held < Room) await SendAsync(isLast: false, ct).ConfigureAwait(false);
            var read = await text.ReadAsync(block.AsMemory(held), ct).ConfigureAwait(false);
            held += read;
            if (read > 0) await SendAsync(isLast: false, ct).ConfigureAwait(false);
            while (read == 0) if (await SendAsync(isLast: true, ct).ConfigureAwait(false) is { } ended) return ended;
        }
    }

    /// <returns>The stream, where it has ended; null: it goes on behind what is durable by now.</returns>
    private async Task<TextStream?> SendAsync(bool isLast, CancellationToken ct)
    {
        try
        {
            using var limit = api.Limited(ct);
            using var content = new ByteArrayContent(block, 0, held) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/plain; charset=utf-8") } };
            using var response = await api.SendAsync(
                HttpMethod.Post, $"/{stream}/drive?continue=true", stream, limit.Token, content, "application/json",
                (Offset, durable.ToString(CultureInfo.InvariantCulture)), (Complete, isLast ? "?1" : "?0")).ConfigureAwait(false);
            hasAnswered = true;
            if (isLast) return await ApiSender.ReadAsync(response, ClientJson.Default.TextStream, limit.Token).ConfigureAwait(false);
            if (Reached(response)) return null;
            await delay.PassAsync(null, ct).ConfigureAwait(false);               // none of it is durable yet
            return null;
        }
        catch (Exception e) when (IsLost(e, isLast) && !ct.IsCancellationRequested)
        {
            logger.Lost(stream, e.Message);
            if (!await delay.PassAsync((e as TextStreamsException)?.RetryAfter, ct).ConfigureAwait(false)) throw;
            return await FindAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Asks where to go on.</summary>
    /// <returns>The stream, where it has ended well; null: it goes on.</returns>
    private async Task<TextStream?> FindAsync(CancellationToken ct)
    {
        try
        {
            using var limit = api.Limited(ct);
            using var response = await api.SendAsync(HttpMethod.Head, $"/{stream}/drive", stream, limit.Token).ConfigureAwait(false);
            Reached(response);
            if (Said(response, Complete) != "?1") return null;
        }
        catch (TextStreamsException e) when (!e.IsTransient)
        {
            // HEAD does not say more than a status; what there is to say, the stream does.
            var found = await QueryAsync(ct).ConfigureAwait(false);
            throw found.EndedAt is null ? e : Ended(found);
        }
        catch (Exception e) when (IsLost(e, isLast: false) && !ct.IsCancellationRequested)
        {
            return null;                                                         // the next block finds out
        }

        var stored = await QueryAsync(ct).ConfigureAwait(false);
        return held == 0 ? stored : throw Ended(stored);
    }

    private Task<TextStream> QueryAsync(CancellationToken ct) =>
        api.SendAsync(HttpMethod.Get, $"/{stream}?text=false", stream, ClientJson.Default.TextStream, ct);

    /// <summary>Forgets what is durable; false: no more of it is.</summary>
    /// <exception cref="TextStreamsException">It is another text's.</exception>
    private bool Reached(HttpResponseMessage response)
    {
        if (!long.TryParse(Said(response, Offset), NumberStyles.None, CultureInfo.InvariantCulture, out var reached))
            throw ApiSender.Foreign(response, $"no {Offset}");
        if (reached < durable || reached > End) throw ApiSender.Foreign(response, $"{Offset} {reached}, where this upload has {durable} to {End}");
        var more = (int)(reached - durable);
        if (more == 0) return held == 0;
        block.AsSpan(more, held - more).CopyTo(block);
        (durable, held) = (reached, held - more);
        delay.Reset();
        return true;
    }

    private static string? Said(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    private bool IsLost(Exception e, bool isLast) => e switch
    {
        TextStreamsException { Problem.Code: "upload-continued" or "upload-offset" } => true,
        TextStreamsException { Problem.Code: "stream-ended" } => isLast,         // its last answer may have been lost
        TextStreamsException { IsTransient: true } or TextStreamsException { Problem: { Status: >= 500 and not 501, Code: not "log-damaged" } } => hasAnswered,
        IOException or HttpRequestException or OperationCanceledException => hasAnswered,
        _ => false,
    };

    private static TextStreamsException Ended(TextStream stream) => new(new StreamProblem
    {
        Type = "/problems/stream-ended",
        Title = "The stream has ended.",
        Status = (int)HttpStatusCode.Conflict,
        StreamStatus = stream.Status,
        Detail = stream.Error?.Message ?? "It has another text than this.",
    });
}
