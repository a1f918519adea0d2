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
        connectivity.IsSingleNode.Should().BeTrue();
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

        string.Join(' ', connectivity.DnsGossipSeeds!.Select(seed => $"{seed.Host}:{seed.Port}")).Should().Be(seeds);
        connectivity.GossipSeeds.Should().Equal(connectivity.DnsGossipSeeds);
        connectivity.Insecure.Should().Be(insecure);
        connectivity.Address.Should().BeNull();
    }

    [Fact]
    public void Seeds_that_are_all_addresses_stay_addresses()
    {
        var connectivity = EventStoreClientSettings.Create("esdb://1.2.3.4,5.6.7.8:9").ConnectivitySettings;

        connectivity.IpGossipSeeds.Should().Equal(IPEndPoint.Parse("1.2.3.4:2113"), IPEndPoint.Parse("5.6.7.8:9"));
        connectivity.DnsGossipSeeds.Should().BeNull();
    }

    [Theory]
    [InlineData("esdb://admin:changeit@localhost", "admin", "changeit")]
    [InlineData("esdb://a%40b:p%3A%2F%3F%25@localhost", "a@b", "p:/?%")]
    [InlineData("esdb://:@localhost", "", "")]
    [InlineData("esdb://j%C3%BCrgen:gr%C3%BC%C3%9Fe@localhost", "jürgen", "grüße")]
    public void Credentials_are_percent_decoded(string text, string name, string password)
    {
        var credentials = EventStoreClientSettings.Create(text).DefaultCredentials!;

        (credentials.Username, credentials.Password).Should().Be((name, password));
        credentials.ToString().Should().Be("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{name}:{password}")));
    }

    [Fact]
    public void What_is_not_said_is_as_the_package_has_it()
    {
        var settings = EventStoreClientSettings.Create("esdb://localhost");

        settings.DefaultCredentials.Should().BeNull();
        settings.ConnectionName.Should().BeNull();
        settings.DefaultDeadline.Should().Be(TimeSpan.FromSeconds(10));
        settings.OperationOptions.ThrowOnAppendFailure.Should().BeTrue();
        settings.OperationOptions.BatchAppendSize.Should().Be(3 * 1024 * 1024);
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
        var handler = settings.CreateHttpMessageHandler!().Should().BeOfType<SocketsHttpHandler>().Which;
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
    [InlineData("localhost:2113", typeof(NoSchemeException))]
    [InlineData("", typeof(NoSchemeException))]
    [InlineData("http://localhost", typeof(InvalidSchemeException))]
    [InlineData("esdb+gossip://localhost", typeof(InvalidSchemeException))]
    [InlineData("esdb://user@localhost", typeof(InvalidUserCredentialsException))]
    [InlineData("esdb://user:pass:word@localhost", typeof(InvalidUserCredentialsException))]
    [InlineData("esdb://@localhost", typeof(InvalidUserCredentialsException))]
    [InlineData("esdb://", typeof(InvalidHostException))]
    [InlineData("esdb://a,,b", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:abc", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:0", typeof(InvalidHostException))]
    [InlineData("esdb://localhost:65536", typeof(InvalidHostException))]
    [InlineData("esdb://[::1]:2113", typeof(InvalidHostException))]
    [InlineData("esdb://a b", typeof(InvalidHostException))]
    [InlineData("esdb://user:p@ss@localhost", typeof(InvalidHostException))]
    [InlineData("esdb://localhost/path", typeof(ConnectionStringParseException))]
    [InlineData("esdb://localhost?", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls=a=b", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls=true&", typeof(InvalidKeyValuePairException))]
    [InlineData("esdb://localhost?tls=true&TLS=true", typeof(DuplicateKeyException))]
    [InlineData("esdb://localhost?unknown=1", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?tls=yes", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?tlsVerifyCert=1", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?maxDiscoverAttempts=many", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?discoveryInterval=-1", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?gossipTimeout=1.5", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?keepAliveInterval=-2", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?keepAliveTimeout=-2", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?defaultDeadline=-2", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?nodePreference=boss", typeof(InvalidSettingException))]
    [InlineData("esdb://localhost?tlsCaFile=/no/such/file", typeof(InvalidClientCertificateException))]
    [InlineData("esdb://localhost?userCertFile=/no/such/file", typeof(InvalidClientCertificateException))]
    [InlineData("esdb://localhost?userKeyFile=/no/such/file", typeof(InvalidClientCertificateException))]
    [InlineData("esdb://localhost?userCertFile=/no/such&userKeyFile=/no/such", typeof(InvalidClientCertificateException))]
    public void What_is_wrong_is_told_by_type(string text, Type exception)
    {
        var parse = () => EventStoreClientSettings.Create(text);

        var thrown = parse.Should().Throw<ConnectionStringParseException>().Which;
        thrown.Should().BeOfType(exception);
        thrown.Message.Should().NotContain("p@ss", "a password is nobody's business");
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
        swapped.Should().Throw<InvalidClientCertificateException>();
    }
}
