using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace EventSourcedStreams.NodesTest;

/// <summary>The nodes of a cluster of EventStoreDB on this machine, each to be frozen by its process.</summary>
/// <param name="nodes">HTTP port and process id.</param>
internal sealed class StoreNodes(IReadOnlyList<(int Port, int Process)> nodes) : IDisposable
{
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(1) };

    /// <param name="text"><c>port:process,port:process,…</c>; null for none.</param>
    public static StoreNodes? Parse(string? text) => text is not { Length: > 0 } ? null : new StoreNodes([.. text.Split(',').Select(one =>
    {
        var parts = one.Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    })]);

    /// <summary>The leader's port, as the nodes but one say it; null: they know none.</summary>
    public async Task<int?> LeaderAsync(int? besides = null) => await FindAsync("Leader", besides);

    /// <summary>The port of a node that follows; null: none does.</summary>
    public async Task<int?> FollowerAsync() => await FindAsync("Follower", besides: null);

    public void Freeze(int port) => Signal("-STOP", port);

    public void Thaw(int port) => Signal("-CONT", port);

    public void Dispose() => client.Dispose();

    private async Task<int?> FindAsync(string state, int? besides)
    {
        foreach (var (port, _) in nodes)
        {
            if (port == besides) continue;
            try
            {
                using var gossip = JsonDocument.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/gossip")));
                foreach (var member in gossip.RootElement.GetProperty("members").EnumerateArray())
                {
                    if (member.GetProperty("isAlive").GetBoolean() && member.GetProperty("state").GetString() == state)
                        return member.GetProperty("httpEndPointPort").GetInt32();
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // It hangs; another one knows.
            }
        }

        return null;
    }

    private void Signal(string name, int port)
    {
        using var kill = Process.Start("kill", [name, $"{nodes.First(node => node.Port == port).Process}"]);
        kill.WaitForExit();
    }
}
