using EventSourcedStreams.EventStoreDb;

namespace EventSourcedStreams.Infrastructure.Tests.EventStoreDb;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("esdb://127.0.0.1:2113?tls=false")]
    [InlineData("esdb://127.0.0.1:2113/?tls=false")]
    [InlineData("esdb://admin:changeit@db.example.com:2113?tlsVerifyCert=false")]
    [InlineData("esdb+discover://db.example.com:2113?nodePreference=follower")]
    [InlineData("esdb://a:2113,b:2113,c:2113?tls=true&keepAliveInterval=5000")]
    [InlineData("kurrentdb://127.0.0.1:2113?tls=false")]
    [InlineData("kurrentdb+discover://db.example.com:2113")]
    [InlineData("kurrent://127.0.0.1:2113?tls=false")]
    [InlineData("kurrent+discover://db.example.com:2113")]
    [InlineData("kdb://127.0.0.1:2113?tls=false")]
    [InlineData("ESDB://127.0.0.1:2113?tls=false")]
    [InlineData("esdb://admin:change%3Ait%40%2F@127.0.0.1:2113")]
    [InlineData(" esdb://127.0.0.1:2113?tls=false ")]
    public void A_connection_string_is_taken_as_the_clients_take_it(string text) => EventStoreDbOptions.ErrorIn(text).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:2113")]
    [InlineData("http://127.0.0.1:2113")]
    [InlineData("esdb://:2113")]
    [InlineData("esdb://127.0.0.1:port")]
    [InlineData("esdb://127.0.0.1:2113?nodePreference=nobody")]
    [InlineData("esdb://127.0.0.1:2113?tls")]
    [InlineData("esdb://127.0.0.1:2113?unheardOf=1")]
    public void One_that_cannot_be_read_is_an_error_that_shows_how_they_look(string text) =>
        EventStoreDbOptions.ErrorIn(text).Should().Contain("esdb://host:2113");

    [Theory]
    [InlineData("esdb://admin:s3cret:more@127.0.0.1:2113")]
    [InlineData("esdb://admin:s3cret@s3cret@127.0.0.1:2113")]
    [InlineData("esdb://admin:s3cret@127.0.0.1:s3cret?tls=false")]
    [InlineData("s3cret@127.0.0.1")]
    [InlineData("esdb://s3cret@127.0.0.1:2113")]
    [InlineData("esdb://127.0.0.1:2113?connectionName=a@s3cret")]
    [InlineData("esdb://admin:s3cret/more@127.0.0.1:2113")]
    public async Task Nothing_of_a_password_is_ever_shown(string text)
    {
        EventStoreDbOptions.ErrorIn(text).Should().NotBeNull().And.NotContain("s3cret");

        var open = () => EventStoreDbStore.OpenAsync(
            new EventStoreDbOptions { ConnectionString = text }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, default);
        (await open.Should().ThrowAsync<EventStoreDbRefusedException>()).Which.ToString().Should().NotContain("s3cret");
    }
}
