using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore.Tests;

/// <summary>A source whose text comes from the test, piece by piece.</summary>
public sealed class ScriptSource : ITextSource
{
    private readonly ConcurrentDictionary<string, ScriptRun> runs = new();

    public string Name => "script";

    public ScriptRun RunOf(string id) => runs.GetOrAdd(id, _ => new ScriptRun());

    public void EndAll()
    {
        foreach (var run in runs.Values) run.End();
    }

    public void Validate(JsonElement? input)
    {
        if (input is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("wrong", out _))
            throw new InvalidInputException("input.wrong", "Leave wrong out.");
    }

    public SourceDescription Describe(JsonElement? input) => new(null, null);

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        var run = RunOf(request.Stream.Value);
        run.Began();
        await foreach (var (piece, taken) in run.Pieces.ReadAllAsync(ct))
        {
            await output.AppendAsync(piece);
            taken.TrySetResult();
        }

        return new SourceResult("stop");
    }
}

public sealed class ScriptRun
{
    private readonly Channel<(string Piece, TaskCompletionSource Taken)> pieces =
        Channel.CreateUnbounded<(string Piece, TaskCompletionSource Taken)>();

    private int starts;

    internal ChannelReader<(string Piece, TaskCompletionSource Taken)> Pieces => pieces.Reader;

    /// <summary>How often the source has been run: never more than once.</summary>
    public int Starts => starts;

    /// <summary>Completes when the source has appended the piece.</summary>
    public Task AppendAsync(string piece)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pieces.Writer.TryWrite((piece, taken));
        return taken.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public void End() => pieces.Writer.TryComplete();

    public void Fail(string code, string message) => pieces.Writer.TryComplete(new SourceFailedException(code, message));

    internal void Began() => Interlocked.Increment(ref starts);
}
