using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventSourcedStreams.TestKit;
using EventStore.Client.Tests.Stub;
using Grpc.Core;

namespace EventStore.Client.Tests.Settings;

public sealed class TlsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly RSA authorityKey = RSA.Create(2048);
    private readonly X509Certificate2 authority;
    private readonly string authorityFile;

    public TlsTests()
    {
        var request = new CertificateRequest("CN=an authority of our own", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        authorityFile = Path.Combine(folder.Path, "ca.crt");
        File.WriteAllText(authorityFile, authority.ExportCertificatePem());
    }

    [Fact]
    public async Task A_server_of_our_own_authority_is_trusted_by_its_file()
    {
        await using var server = await ServerAsync("127.0.0.1");
        await using var client = Client(server, $"tlsCaFile={authorityFile}");

        (await client.TombstoneAsync("s", StreamState.Any)).LogPosition.Should().Be(new Position(7, 7));
    }

    [Fact]
    public async Task Nobody_trusts_it_without()
    {
        await using var server = await ServerAsync("127.0.0.1");
        await using var client = Client(server, "");

        await RefusedAsync(client, server);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_even_of_a_trusted_authority()
    {
        await using var server = await ServerAsync("127.0.0.2");
        await using var client = Client(server, $"tlsCaFile={authorityFile}");

        await RefusedAsync(client, server);
    }

    [Fact]
    public async Task Any_certificate_will_do_where_none_is_verified()
    {
        await using var server = await ServerAsync("127.0.0.2");
        await using var client = Client(server, "tlsVerifyCert=false");

        (await client.TombstoneAsync("s", StreamState.Any)).LogPosition.Should().Be(new Position(7, 7));
    }

    public void Dispose()
    {
        authority.Dispose();
        authorityKey.Dispose();
        folder.Dispose();
    }

    private static async Task RefusedAsync(EventStoreClient client, StubServer server)
    {
        var call = () => client.TombstoneAsync("s", StreamState.Any);

        (await call.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("certificate");
        server.Calls.Should().BeEmpty();
    }

    private static EventStoreClient Client(StubServer server, string setting) =>
        Patient.Client($"esdb://127.0.0.1:{server.Port}{(setting == "" ? "" : "?" + setting)}");

    private async Task<StubServer> ServerAsync(string address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        using var withKey = issued.CopyWithPrivateKey(key);
        var server = await StubServer.StartAsync(X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null));
        return server.On(StubServer.Streams + "Tombstone", call => StubServer.AnswerAsync(
            call,
            new EventSourcedStreams.EventStoreProtocol.Streams.TombstoneResp { Position = new() { CommitPosition = 7, PreparePosition = 7 } }));
    }
}
