using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using EventSourcedStreams.Domain;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>An answer that this process has begun, for its caller. Left before its end, it goes on where background
/// responses are allowed, and is cancelled else.</summary>
internal sealed class BegunAnswer : IDisposable
{
    private readonly ITextStreams streams;
    private readonly TextStreamsChatClientOptions settings;
    private readonly StreamEngine engine;
    private readonly string? owner;
    private readonly bool isBackground;
    private readonly UpdateQueue told;
    private LiveAnswer source = null!;
    private DriveResult.Driving driving = null!;
    private bool isOver;

    private BegunAnswer(ITextStreams streams, TextStreamsChatClientOptions settings, string? owner, bool isBackground)
    {
        (this.streams, this.settings, this.owner, this.isBackground) = (streams, settings, owner, isBackground);
        engine = streams.Engine;
        told = new UpdateQueue(engine.Options.Driving.DriverQueueChars, engine.Memory);
        Stream = new StreamId(RandomNumberGenerator.GetHexString(32, lowercase: true));
    }

    public StreamId Stream { get; }

    private Caller Caller => owner is null ? Caller.Anonymous : new Caller(owner);

    /// <exception cref="LogUnavailableException">The event log does not answer, or this node takes no streams
    /// now.</exception>
    /// <exception cref="InvalidOperationException">Parts are switched off.</exception>
    public static async Task<BegunAnswer> StartAsync(
        ITextStreams streams, TextStreamsChatClientOptions settings, IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, string? owner, CancellationToken ct)
    {
        var answer = new BegunAnswer(streams, settings, owner, options?.AllowBackgroundResponses == true);
        answer.source = new LiveAnswer(settings.Source, client, AnsweredCalls.In(messages), options, answer.told, answer.engine.Time);
        try
        {
            await answer.CreateAsync(ct);
            await answer.DriveAsync(ct);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <exception cref="TextStreamEndedException">It has not come to a good end.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> UpdatesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var ending = EndAsync();
        var mark = ContentMark.None;
        while (await told.NextAsync(ct) is var (update, behind))
        {
            mark = behind;
            if (isBackground) update.ContinuationToken = new AnswerToken(Stream, mark).Write(settings.TokenKey);
            yield return update;
        }

        var end = told.IsBehind ? null : await ending.WaitAsync(ct);
        if (end?.Status is { } status)
        {
            isOver = true;
            if (status != StreamStatus.Done) throw AnswerEnd.Exception(Stream, status, end.Error, end.Length, source.Failure);
            yield return AnswerEnd.Update(end.FinishReason);
            yield break;
        }

        // The rest is in the log alone: the caller read too slowly, or the log went away and knows the ending when it
        // is back.
        await foreach (var update in new StoredAnswer(streams, settings, new AnswerToken(Stream, mark), owner).UpdatesAsync(ct))
        {
            if (!isBackground) update.ContinuationToken = null;
            yield return update;
        }

        isOver = true;
    }

    public void Dispose()
    {
        Leave();
        told.Dispose();
    }

    private async Task CreateAsync(CancellationToken ct)
    {
        if (!engine.Options.Driving.Parts)
            throw new InvalidOperationException("Answers of chat clients are more than text, and Streams:Parts is off: switch it on.");
        var labels = owner is null ? Labels.None : Labels.From([KeyValuePair.Create(settings.OwnerLabel, owner)]);
        var create = new StreamCommand.Create(
            Stream, settings.Source, null, "text/plain; charset=utf-8", settings.IdleTimeout ?? engine.Options.IdleTimeout, settings.Retain, labels, Names.From(["id", "source"]))
        {
            At = engine.Time.GetUtcNow(),
            MaxDuration = settings.MaxDuration,
        };
        if (await engine.Creation.CreateAsync(create, Caller, ct) is not CreateResult.Created and var other)
            throw new System.Diagnostics.UnreachableException($"{other} for an id that was just made.");
    }

    private async Task DriveAsync(CancellationToken ct)
    {
        switch (await engine.Drivers.DriveAsync(Stream, body: null, contentType: null, wantsText: false, Caller, ct, own: source))
        {
            case DriveResult.Driving begun:
                driving = begun;
                driving.Output.WantsMarks = false;
                break;
            case DriveResult.Unavailable(var why):
                throw new LogUnavailableException(why);
            case var other:
                throw new LogUnavailableException($"The answer's stream was taken by another ({other}).");
        }
    }

    /// <summary>Null: the answer was left before.</summary>
    private async Task<DriverEnd?> EndAsync()
    {
        try
        {
            return await driving.Output.ReadToEndAsync(CancellationToken.None);
        }
        finally
        {
            told.Close();
        }
    }

    private void Leave()
    {
        // The client has said why it ends: only the saving of it is left.
        var isAllTold = source.FinishReason is { } reason && reason != ChatFinishReason.ToolCalls;
        if (!isOver && !isBackground && !isAllTold)
        {
            var now = engine.Time.GetUtcNow();
            _ = engine.Drivers.End(Stream, new StreamCommand.Cancel(Caller.Actor, "The caller left.", now) { At = now });
        }

        driving?.Output.Done();
    }
}
