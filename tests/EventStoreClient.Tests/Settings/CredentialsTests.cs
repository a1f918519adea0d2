using System.Text;
using EventSourcedStreams.EventStoreDb;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;

namespace EventStore.Client.Tests.Settings;

/// <summary>What a connection string says of its user, as it comes to the server. The adapter decodes it, since not
/// every client does.</summary>
public sealed class CredentialsTests
{
    [Theory]
    [InlineData("admin:changeit", "admin:changeit")]
    [InlineData("te%40xts:p%3Aa%2Fs%25s%3F", "te@xts:p:a/s%s?")]
    [InlineData("texts:100%sure", "texts:100%sure")]
    public async Task User_and_password_are_sent_decoded(string written, string meant)
    {
        await using var server = await StubServer.StartAsync();
        server.On(StubServer.Streams + "Read", call =>
        {
            call.End(0);
            return Task.CompletedTask;
        });
        await using var client = new EventStoreClient(
            ConnectionSettings.Parse($"esdb://{written}@127.0.0.1:{server.Port}?tls=false&gossipTimeout={Eventually.Limit.TotalMilliseconds:F0}"));

        await foreach (var _ in client.ReadStreamAsync(Direction.Forwards, "text-a", StreamPosition.FromInt64(0)).Messages)
        {
        }

        server.CallsTo(StubServer.Streams + "Read").Single().Headers["authorization"]
            .Should().Be("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(meant)));
    }
}
