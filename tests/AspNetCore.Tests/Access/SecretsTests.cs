using System.Collections.Concurrent;
using System.Diagnostics;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using Microsoft.Extensions.Logging;

namespace EventSourcedStreams.AspNetCore.Tests.Access;

/// <summary>Keys and tokens stand in nothing that the server says.</summary>
public sealed class SecretsTests
{
    private const string Key = "a-key-that-is-nowhere-to-be-seen";
    private const string Wrong = "a-wrong-key-that-is-nowhere-to-be-seen";

    [Fact]
    public async Task A_key_and_a_token_reach_no_log_line_no_trace_and_no_answer()
    {
        var (logs, traced) = (new Kept(), new ConcurrentQueue<string>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                foreach (var tag in activity.TagObjects) traced.Enqueue($"{tag.Key}={tag.Value}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        var said = new ConcurrentQueue<string>();
        string token;
        await using (var host = await KeyedHost.StartAsync(
            new Dictionary<string, string> { ["web"] = "admin" },
            new Dictionary<string, string?> { ["Auth:Keys:web:Hash"] = Web.ApiKey.HashOf(Key) },
            logs))
        {
            await host.JsonAsync("POST", "/v1/streams", Key, new { id = "a", source = "told" });
            token = await host.MintAsync(Key, "/v1/streams/a/tokens", new { rights = new[] { "read" } });
            foreach (var path in new[] { "a", "none", "a/text", "a/events?after=99", "a?at=nonsense", "a/b/c/d", "%00" })
            {
                var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
                foreach (var (address, credential) in new[] { (path, Key), (path, Wrong), ($"{path}{separator}token={token}", null), ($"{path}{separator}token={token}x", null), ($"{path}{separator}token={Key}", null) })
                {
                    foreach (var method in new[] { "GET", "HEAD", "POST", "DELETE", "PUT" })
                    {
                        if (method == "DELETE" && credential == Key) continue;
                        using var answer = await host.SendAsync(method, $"/v1/streams/{address}", credential);
                        said.Enqueue($"{answer.Headers} {answer.Content.Headers}");
                        if (answer.Content.Headers.ContentType?.MediaType != StreamRequests.Events) said.Enqueue(await answer.Content.ReadAsStringAsync());
                    }
                }
            }
        }

        logs.Lines.Should().NotBeEmpty();
        foreach (var secret in new[] { Key, Wrong, token, token.Split('.')[2] })
        {
            logs.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
            traced.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
            said.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
        }
    }

    private sealed class Kept : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
