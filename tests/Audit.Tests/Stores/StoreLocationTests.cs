using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>What <c>--store</c> takes is what the server takes as its connection string.</summary>
public sealed class StoreLocationTests
{
    [Theory]
    [InlineData("esdb://127.0.0.1:2113?tls=false")]
    [InlineData("esdb+discover://db.example.com:2113")]
    [InlineData("kurrentdb://127.0.0.1:2113?tls=false")]
    [InlineData("kurrent://127.0.0.1:2113?tls=false")]
    [InlineData("kurrent+discover://db.example.com:2113")]
    [InlineData("kdb://127.0.0.1:2113?tls=false")]
    [InlineData("KURRENT://127.0.0.1:2113")]
    [InlineData("  esdb://127.0.0.1:2113?tls=false\n")]
    public void A_connection_string_is_taken_as_the_server_takes_it(string text)
    {
        StoreLocation.Parse(text).Should().BeOfType<StoreLocation.EventStoreDb>().Which.ConnectionString.Should().Be(text.Trim());
        new EventStoreOptions { ConnectionString = text }.Errors(isRequired: true).Should().BeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1:2113")]
    [InlineData("mongodb://127.0.0.1")]
    public void Another_scheme_is_refused_with_those_there_are(string text) =>
        ((Func<StoreLocation>)(() => StoreLocation.Parse(text))).Should().Throw<AuditException>().WithMessage("*kurrent+discover*");
}
