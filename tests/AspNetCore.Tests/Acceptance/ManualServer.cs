using System.Diagnostics;
using EventSourcedStreams.Domain;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Acceptance;

/// <summary>A server whose clock stands until a test advances it, over a log that can be held back; its source
/// <c>told</c> is the test's.</summary>
internal sealed class ManualServer : IAsyncDisposable
{
    /// <summary>Small, so that a busy machine does what is due before much more time has passed.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private TextStreamsApp app = null!;

    public ManualTime Time { get; } = new();

    public ScriptedSource Told { get; } = new("told");

    public FaultyEventStore Log { get; private set; } = null!;

    public HttpClient Client => app.Client;

    public StreamEngine Engine => app.Engine;

    public EngineAccess Access => app.Access;

    public Uri Address => app.BaseAddress;

    public static async Task<ManualServer> StartAsync(ITestLog log)
    {
        var server = new ManualServer();
        var starting = TextStreamsApp.StartAsync(new()
        {
            Log = log,
            Time = server.Time,
            Sources = [server.Told],
            Wrap = bytes => server.Log = new FaultyEventStore(bytes, server.Time),
        });

        // A log that is late with its first answer is asked again by the clock. It stays far behind the real one: the
        // start has limits of seconds.
        var (watch, begun) = (Stopwatch.StartNew(), server.Time.GetUtcNow());
        await Eventually.UntilAsync("the server has started", () =>
        {
            server.Time.Advance(begun + (watch.Elapsed / 10) - server.Time.GetUtcNow());
            return starting.IsCompleted;
        });
        server.app = await starting;
        return server;
    }

    public Task<string> CreateAsync() => Client.CreateAsync(new { source = "told" });

    public ScriptedSource.Script Script(string id) => Told.For(new(id));

    /// <summary>For what takes time by the clock given in: it runs on until the condition holds, and not ahead of what
    /// it has set off.</summary>
    public Task AdvanceUntilAsync(string what, Func<bool> condition) => AdvanceUntilAsync(what, () => Task.FromResult(condition()));

    /// <inheritdoc cref="AdvanceUntilAsync(string, Func{bool})"/>
    public Task AdvanceUntilAsync(string what, Func<Task<bool>> condition) => Eventually.UntilAsync(what, async () =>
    {
        await Eventually.BegunAsync();
        if (await condition()) return true;
        if (Log.Asked == 0) Time.Advance(Step);
        return false;
    });

    /// <summary>What is said last may need time by the clock, where the log's answer is late and it is asked
    /// again.</summary>
    public async Task OverAsync(params LiveAnswer[] answers)
    {
        await AdvanceUntilAsync("the answers are over", () => answers.All(answer => answer.Over.IsCompleted));
        foreach (var answer in answers) await answer.Over;
    }

    /// <summary>In the steps in which this process counts time, and none of them while the log is being asked: on the
    /// way to it no time passes.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += TimeSpan.FromSeconds(1))
        {
            await Eventually.BegunAsync();
            await Eventually.UntilAsync("the log has answered", () => Log.Asked == 0);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>
    /// Waits until no append is under way: a follower may have its text before its writer has its answer, and a clock
    /// that leaps between the two makes an outage of it.
    /// </summary>
    public Task SettledAsync() => Eventually.UntilAsync("all text is saved, for its writers too", () => Engine.Drivers.UnsavedBytes == 0);

    public async ValueTask DisposeAsync()
    {
        Log.ComeBack();
        var stopping = app.DisposeAsync().AsTask();
        await AdvanceUntilAsync("the server has stopped", () => stopping.IsCompleted);
        await stopping;
    }
}
