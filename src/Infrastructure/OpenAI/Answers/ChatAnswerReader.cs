using System.Runtime.CompilerServices;
using System.Text;

namespace EventSourcedStreams.OpenAI;

/// <summary>Reads the body of a chat completion, streamed or whole, into what it says.</summary>
/// <param name="soundType">The media type of sound that it may hold.</param>
internal sealed class ChatAnswerReader(AnswerFaults faults, TimeProvider time, string soundType = "audio/pcm")
{
    /// <summary>How long the beginning of a call waits for more of its name.</summary>
    private static readonly TimeSpan WaitForName = TimeSpan.FromMilliseconds(250);

    /// <summary>How long nothing may come after a good reason to end before the answer is taken as over.</summary>
    public static readonly TimeSpan SilenceAfterReason = TimeSpan.FromSeconds(5);

    private const int MaxStrayBytes = 1024;

    /// <param name="isFramed">HTTP tells a body that is whole from one that broke off.</param>
    /// <exception cref="ProviderFault">The answer did not end well; with a retry allowed only where a model had made
    /// nothing yet.</exception>
    public async IAsyncEnumerable<ChatUpdate> ReadAsync(Stream body, bool isFramed, [EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var splitter = new EventSplitter();
        var answer = new ChatAnswer(faults, soundType);
        var spokeAt = time.GetTimestamp();
        BodyEnd? bodyEnd = null;
        BodyEnd? end = null;
        while (true)
        {
            while (end is null && splitter.TryNext(out var sent))
            {
                ApplyOther(answer, sent);
                foreach (var chunk in ChatChunkReader.Read(sent))
                {
                    var updates = answer.Fault is null && !answer.IsOver ? answer.Apply(chunk) : [];
                    if (chunk.Speaks) spokeAt = time.GetTimestamp();
                    foreach (var update in updates) yield return update;
                    if (updates.Count == 0 && chunk.IsPaid) yield return ChatUpdate.Alive.Token;
                }

                if (answer.Fault is not null || answer.IsOver) end = BodyEnd.Done;
                else if (sent.Kind == ProviderEventKind.Cut) end = bodyEnd == BodyEnd.Broken ? bodyEnd : BodyEnd.Unfinished;
            }

            end ??= bodyEnd;
            if (end is not null) break;
            yield return ChatUpdate.Alive.Heartbeat;
            var reading = FillAsync(splitter, body, stop.Token);
            if (answer.HoldsCall && !reading.IsCompleted)
            {
                await WaitAsync(reading, WaitForName, stop.Token);
                foreach (var update in reading.IsCompleted ? [] : answer.Settle()) yield return update;
            }

            while (end is null && answer.MayBeOver && !reading.IsCompleted)
            {
                if (time.GetElapsedTime(spokeAt) >= SilenceAfterReason) end = BodyEnd.Silent;
                else await WaitAsync(reading, SilenceAfterReason - time.GetElapsedTime(spokeAt), stop.Token);
                // The idle timeout may be as short as this silence; which of the two ends the stream is no matter of
                // chance.
                yield return ChatUpdate.Alive.Heartbeat;
            }

            if (end == BodyEnd.Silent) await stop.CancelAsync();
            var filled = await reading;
            ct.ThrowIfCancellationRequested();
            if (filled == BodyRead.Bytes) end = null;                                    // they came in the last moment
            else bodyEnd = filled == BodyRead.Broken ? BodyEnd.Broken : isFramed ? BodyEnd.Whole : BodyEnd.Unfinished;
        }

        foreach (var update in answer.Finish(end.Value)) yield return update;
        yield return answer.Fault is null ? answer.End : throw answer.Fault;
    }

    private static void ApplyOther(ChatAnswer answer, ProviderEvent sent)
    {
        if (sent.Kind == ProviderEventKind.Stray) answer.ApplyStray(Encoding.UTF8.GetString(sent.Data.Span[..Math.Min(sent.Data.Length, MaxStrayBytes)]));
        if (sent.Kind == ProviderEventKind.TooLarge) answer.ApplyTooLarge();
    }

    /// <summary>For half of the silence at most.</summary>
    private async Task WaitAsync(Task reading, TimeSpan silence, CancellationToken ct)
    {
        using var read = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var half = TimeSpan.FromTicks(Math.Min(silence.Ticks, SilenceAfterReason.Ticks / 2));
        await Task.WhenAny(reading, Task.Delay(half, time, read.Token));
        await read.CancelAsync(); // or each read would leave its timer behind
    }

    private enum BodyRead { Bytes, End, Broken }

    private static async Task<BodyRead> FillAsync(EventSplitter splitter, Stream body, CancellationToken ct)
    {
        try
        {
            var read = await body.ReadAsync(splitter.Free, ct);
            splitter.Advance(read);
            if (read > 0) return BodyRead.Bytes;
            splitter.Complete();
            return BodyRead.End;
        }
        catch (Exception)
        {
            // Whatever a connection and a decoder throw, the answer has broken off. That of a stream that is being
            // ended is told by its token.
            splitter.Complete();
            return BodyRead.Broken;
        }
    }
}
