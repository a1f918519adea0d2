using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventSourcedStreams.TestKit;

namespace EventStore.Client.Tests.Settings;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("esdb://localhost", "https://localhost:2113/")]
    [InlineData("esdb://localhost:2114", "https://localhost:2114/")]
    [InlineData("esdb://127.0.0.1:2113?tls=false", "http://127.0.0.1:2113/")]
    [InlineData("esdb://127.0.0.1:2113/?tls=false", "http://127.0.0.1:2113/")]
    [InlineData("esdb://user:pass@my-host.example:1/?tls=true", "https://my-host.example:1/")]
    [InlineData("kurrentdb://localhost?TLS=False", "http://localhost:2113/")]
    [InlineData("kurrent://localhost", "https://localhost:2113/")]
    [InlineData("kdb://localhost:65535", "https://localhost:65535/")]
    public void One_host_is_the_node(string text, string address)
    {
        var connectivity = EventStoreClientSettings.Create(text).ConnectivitySettings;

        connectivity.Address.Should().Be(new Uri(address));
        connectivity.GossipSeeds.Should().BeEmpty();
        connectivity.Insecure.Should().Be(address.StartsWith("http:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("esdb+discover://cluster.example", "cluster.example:2113", false)]
    [InlineData("kurrentdb+discover://cluster.example:2?tls=false", "cluster.example:2", true)]
    [InlineData("kdb+discover://cluster.example", "cluster.example:2113", false)]
    [InlineData("esdb://a,b:3,c/?tls=false", "a:2113 b:3 c:2113", true)]
    [InlineData("esdb://1.2.3.4,host:5", "1.2.3.4:2113 host:5", false)]
    public void Several_hosts_or_discovery_make_seeds(string text, string seeds, bool insecure)
    {
        var connectivity = EventStoreClientSettings.Create(text).ConnectivitySettings;

        string.Join(' ', connectivity.GossipSeeds.Select(seed => seed is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : $"{seed}")).Should().Be(seeds);
        connectivity.Insecure.Should().Be(insecure);
        connectivity.Address.Should().BeNull();
    }

    [Fact]
    public void Seeds_that_are_all_addresses_stay_addresses() =>
        EventStoreClientSettings.Create("esdb://1.2.3.4,5.6.7.8:9").ConnectivitySettings.GossipSeeds
            .Should().Equal(IPEndPoint.Parse("1.2.3.4:2113"), IPEndPoint.Parse("5.6.7.8:9"));

    [Theory]
    [InlineData("esdb://admin:changeit@localhost", "admin", "changeit")]
    [InlineData("esdb://a%40b:p%3A%2F%3F%25@localhost", "a@b", "p:/?%")]
    [InlineData("esdb://:@localhost", "", "")]
    [InlineData("esdb://j%C3%BCrgen:gr%C3%BC%C3%9Fe@localhost", "jürgen", "grüße")]
    public void Credentials_are_percent_decoded(string text, string name, string password)
    {
        EventStoreClientSettings.Create(text).DefaultCredentials!.Authorization.Should().Be("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{name}:{password}")));
    }

    [Fact]
    public void What_is_not_said_is_as_the_package_has_it()
    {
        var settings = EventStoreClientSettings.Create("esdb://localhost");

        settings.DefaultCredentials.Should().BeNull();
        settings.ConnectionName.Should().BeNull();
        settings.DefaultDeadline.Should().Be(TimeSpan.FromSeconds(10));
        settings.OperationOptions.ThrowOnAppendFailure.Should().BeTrue();
        EventStoreClientOperationOptions.BatchAppendSize.Should().Be(3 * 1024 * 1024);
        var connectivity = settings.ConnectivitySettings;
        connectivity.MaxDiscoverAttempts.Should().Be(10);
        connectivity.DiscoveryInterval.Should().Be(TimeSpan.FromMilliseconds(100));
        connectivity.GossipTimeout.Should().Be(TimeSpan.FromSeconds(5));
        connectivity.NodePreference.Should().Be(NodePreference.Leader);
        connectivity.KeepAliveInterval.Should().Be(TimeSpan.FromSeconds(10));
        connectivity.KeepAliveTimeout.Should().Be(TimeSpan.FromSeconds(10));
        connectivity.TlsVerifyCert.Should().BeTrue();
        connectivity.TlsCaFile.Should().BeNull();
        connectivity.ClientCertificate.Should().BeNull();
    }

    [Fact]
    public void What_is_said_is_set()
    {
        var settings = EventStoreClientSettings.Create(
            "esdb://localhost?connectionName=web-1&maxDiscoverAttempts=3&discoveryInterval=50&gossipTimeout=700&nodePreference=readOnlyReplica"
            + "&tlsVerifyCert=false&defaultDeadline=2500&throwOnAppendFailure=false&keepAliveInterval=1500&keepAliveTimeout=-1");

        settings.ConnectionName.Should().Be("web-1");
        settings.DefaultDeadline.Should().Be(TimeSpan.FromSeconds(2.5));
        settings.OperationOptions.ThrowOnAppendFailure.Should().BeFalse();
        var connectivity = settings.ConnectivitySettings;
        connectivity.MaxDiscoverAttempts.Should().Be(3);
        connectivity.DiscoveryInterval.Should().Be(TimeSpan.FromMilliseconds(50));
        connectivity.GossipTimeout.Should().Be(TimeSpan.FromMilliseconds(700));
        connectivity.NodePreference.Should().Be(NodePreference.ReadOnlyReplica);
        connectivity.TlsVerifyCert.Should().BeFalse();
        connectivity.KeepAliveInterval.Should().Be(TimeSpan.FromSeconds(1.5));
        connectivity.KeepAliveTimeout.Should().Be(Timeout.InfiniteTimeSpan);
        var handler = NodeHandler.Create(connectivity);
        handler.KeepAlivePingDelay.Should().Be(TimeSpan.FromSeconds(1.5));
        handler.KeepAlivePingTimeout.Should().Be(Timeout.InfiniteTimeSpan);
        handler.EnableMultipleHttp2Connections.Should().BeTrue();
    }

    [Theory]
    [InlineData("leader", NodePreference.Leader)]
    [InlineData("Follower", NodePreference.Follower)]
    [InlineData("RANDOM", NodePreference.Random)]
    public void A_node_preference_is_read_without_regard_to_case(string text, NodePreference preference) =>
        EventStoreClientSettings.Create($"esdb://localhost?nodePreference={text}").ConnectivitySettings.NodePreference.Should().Be(preference);

    [Theory]
    [InlineData("localhost:2113", "*no scheme*")]
    [InlineData("", "*no scheme*")]
    [InlineData("http://localhost", "*is no scheme*")]
    [InlineData("esdb+gossip://localhost", "*is no scheme*")]
    [InlineData("esdb://user@localhost", "*are no credentials*")]
    [InlineData("esdb://user:pass:word@localhost", "*are no credentials*")]
    [InlineData("esdb://@localhost", "*are no credentials*")]
    [InlineData("esdb://", "*is no host*")]
    [InlineData("esdb://a,,b", "*is no host*")]
    [InlineData("esdb://localhost:", "*is no host*")]
    [InlineData("esdb://localhost:abc", "*is no host*")]
    [InlineData("esdb://localhost:0", "*is no host*")]
    [InlineData("esdb://localhost:65536", "*is no host*")]
    [InlineData("esdb://[::1]:2113", "*is no host*")]
    [InlineData("esdb://a b", "*is no host*")]
    [InlineData("esdb://user:p@ss@localhost", "*is no host*")]
    [InlineData("esdb://localhost/path", "*has no path*")]
    [InlineData("esdb://localhost?", "*is no setting. Write key=value*")]
    [InlineData("esdb://localhost?tls", "*is no setting. Write key=value*")]
    [InlineData("esdb://localhost?tls=a=b", "*is no setting. Write key=value*")]
    [InlineData("esdb://localhost?tls=true&", "*is no setting. Write key=value*")]
    [InlineData("esdb://localhost?tls=true&TLS=true", "*stands there twice*")]
    [InlineData("esdb://localhost?unknown=1", "*no setting 'unknown'*")]
    [InlineData("esdb://localhost?tls=yes", "tls is *")]
    [InlineData("esdb://localhost?tlsVerifyCert=1", "tlsVerifyCert is *")]
    [InlineData("esdb://localhost?maxDiscoverAttempts=many", "maxDiscoverAttempts is *")]
    [InlineData("esdb://localhost?discoveryInterval=-1", "discoveryInterval is *")]
    [InlineData("esdb://localhost?gossipTimeout=1.5", "gossipTimeout is *")]
    [InlineData("esdb://localhost?keepAliveInterval=-2", "keepAliveInterval is *")]
    [InlineData("esdb://localhost?keepAliveTimeout=-2", "keepAliveTimeout is *")]
    [InlineData("esdb://localhost?defaultDeadline=-2", "defaultDeadline is *")]
    [InlineData("esdb://localhost?nodePreference=boss", "nodePreference is *")]
    [InlineData("esdb://localhost?tlsCaFile=/no/such/file", "tlsCaFile: there is no file *")]
    [InlineData("esdb://localhost?userCertFile=/no/such/file", "*come together*")]
    [InlineData("esdb://localhost?userKeyFile=/no/such/file", "*come together*")]
    [InlineData("esdb://localhost?userCertFile=/no/such&userKeyFile=/no/such", "There is no file *")]
    public void What_is_wrong_is_said(string text, string message)
    {
        var parse = () => EventStoreClientSettings.Create(text);

        parse.Should().Throw<ConnectionStringParseException>().WithMessage(message).Which.Message.Should().NotContain("p@ss", "a password stays out of messages");
    }

    [Fact]
    public void Certificates_are_read_from_their_files()
    {
        using var folder = new TempFolder();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=user", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certFile = Path.Combine(folder.Path, "user.crt");
        var keyFile = Path.Combine(folder.Path, "user.key");
        File.WriteAllText(certFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());

        var settings = EventStoreClientSettings.Create($"esdb://localhost?tlsCaFile={certFile}&userCertFile={certFile}&userKeyFile={keyFile}");

        settings.ConnectivitySettings.TlsCaFile!.Thumbprint.Should().Be(certificate.Thumbprint);
        settings.ConnectivitySettings.ClientCertificate!.HasPrivateKey.Should().BeTrue();
        var swapped = () => EventStoreClientSettings.Create($"esdb://localhost?tlsCaFile={keyFile}");
        swapped.Should().Throw<ConnectionStringParseException>().WithMessage("*no certificate in PEM or DER*");
    }
}
