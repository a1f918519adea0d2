using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>The HTTP/2 connections of one node, as the settings want them.</summary>
internal static class NodeHandler
{
    private static readonly TimeSpan ShortestPing = TimeSpan.FromSeconds(1);

    public static SocketsHttpHandler Create(EventStoreClientConnectivitySettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            // A quiet connection stays, or the first call after a pause would wait for a new one; pings tell whether it
            // is alive.
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = Ping(settings.KeepAliveInterval),
            KeepAlivePingTimeout = Ping(settings.KeepAliveTimeout),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            // HTTP/2 without TLS passes no proxy.
            UseProxy = !settings.Insecure,
        };
        if (settings.Insecure) return handler;
        if (settings.ClientCertificate is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        if (!settings.TlsVerifyCert)
        {
#pragma warning disable CA5359 // tlsVerifyCert=false asks for just this
            handler.SslOptions.RemoteCertificateValidationCallback = delegate { return true; };
#pragma warning restore CA5359
        }
        else if (settings.TlsCaFile is { } authority)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        return handler;
    }

    private static TimeSpan Ping(TimeSpan asked) => asked == Timeout.InfiniteTimeSpan || asked > ShortestPing ? asked : ShortestPing;
}
