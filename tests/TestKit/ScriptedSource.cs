using System.Collections.Concurrent;
using System.Text.Json;

namespace EventSourcedStreams.TestKit;

/// <summary>A source whose text a test speaks, stream by stream. The only input that it refuses is one with a field
/// <c>wrong</c>.</summary>
public sealed class ScriptedSource(string name = "script") : ITextSource
{
    private readonly ConcurrentDictionary<StreamId, Script> scripts = new();
    private int runs;

    public string Name => name;

    /// <summary>How many times a source was run, over all streams.</summary>
    public int Runs => Volatile.Read(ref runs);

    /// <summary>The script of a stream, whether its source runs already or not.</summary>
    public Script For(StreamId id) => scripts.GetOrAdd(id, _ => new Script());

    public void Validate(JsonElement? input)
    {
        if (input is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("wrong", out _))
            throw new InvalidInputException("input.wrong", "Leave wrong out.");
    }

    public SourceDescription Describe(JsonElement? input) => new("a test", "script-1");

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        Interlocked.Increment(ref runs);
        var script = For(request.Stream);
        script.Begin(output, ct);
        return await script.Outcome.WaitAsync(ct);
    }

    public sealed class Script
    {
        private readonly TaskCompletionSource<IAppender> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<SourceResult> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<SourceResult> Outcome => outcome.Task;

        /// <summary>Completes when the source runs.</summary>
        public Task Begun => begun.Task;

        /// <summary>The token that the source was given.</summary>
        public CancellationToken Token { get; private set; }

        /// <summary>Appends once the source runs; the inner task is the one that <c>AppendAsync</c> returned.</summary>
        public async Task<Task> OfferAsync(string text) => (await OutputAsync()).AppendAsync(text);

        public async Task SayAsync(params string[] pieces)
        {
            var output = await OutputAsync();
            foreach (var piece in pieces) await output.AppendAsync(piece);
        }

        /// <summary>A part that is whole.</summary>
        public async Task PartAsync(PartStart start, params string[] pieces)
        {
            var part = await StartAsync(start);
            foreach (var piece in pieces) await part.AppendAsync(piece);
            await part.EndAsync();
        }

        public async Task<IPartAppender> StartAsync(PartStart start) => (await OutputAsync()).StartPart(start);

        /// <summary>What the source writes to, once it runs.</summary>
        public Task<IAppender> OutputAsync() => begun.Task.WaitAsync(Eventually.Limit);

        public async Task KeepAliveAsync() => (await OutputAsync()).KeepAlive();

        internal void End(SourceResult? result = null) => outcome.TrySetResult(result ?? SourceResult.Ended);

        public void Throw(Exception exception) => outcome.TrySetException(exception);

        internal void Begin(IAppender output, CancellationToken ct)
        {
            Token = ct;
            begun.TrySetResult(output);
        }
    }
}
