using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EventStore.Client;

/// <summary>What a connection string sets beside user and hosts.</summary>
internal static class ConnectionStringSettings
{
    public static void Apply(ConnectionStringValues values, EventStoreClientSettings settings)
    {
        settings.ConnectionName = values.Text("connectionName");
        if (values.TimeOrNone("defaultDeadline") is { } deadline) settings.DefaultDeadline = deadline;
        if (values.Bool("throwOnAppendFailure") is { } throws) settings.OperationOptions.ThrowOnAppendFailure = throws;

        var connectivity = settings.ConnectivitySettings;
        if (values.Number("maxDiscoverAttempts") is { } attempts) connectivity.MaxDiscoverAttempts = attempts;
        if (values.Time("discoveryInterval") is { } interval) connectivity.DiscoveryInterval = interval;
        if (values.Time("gossipTimeout") is { } timeout) connectivity.GossipTimeout = timeout;
        if (values.Text("nodePreference") is { } preference) connectivity.NodePreference = Preference(preference);
        if (values.TimeOrNone("keepAliveInterval") is { } ping) connectivity.KeepAliveInterval = ping;
        if (values.TimeOrNone("keepAliveTimeout") is { } pong) connectivity.KeepAliveTimeout = pong;
        if (values.Bool("tlsVerifyCert") is { } verify) connectivity.TlsVerifyCert = verify;
        if (values.Text("tlsCaFile") is { } authority) connectivity.TlsCaFile = Authority(authority);
        connectivity.ClientCertificate = User(values.Text("userCertFile"), values.Text("userKeyFile"));
    }

    private static NodePreference Preference(string text) => text.ToUpperInvariant() switch
    {
        "LEADER" => NodePreference.Leader,
        "FOLLOWER" => NodePreference.Follower,
        "RANDOM" => NodePreference.Random,
        "READONLYREPLICA" => NodePreference.ReadOnlyReplica,
        _ => throw new ConnectionStringParseException($"nodePreference is leader, follower, random or readOnlyReplica, not '{text}'."),
    };

    private static X509Certificate2 Authority(string path)
    {
        if (!File.Exists(path)) throw new ConnectionStringParseException($"tlsCaFile: there is no file '{Path.GetFullPath(path)}'.");
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException e)
        {
            throw new ConnectionStringParseException($"tlsCaFile: '{path}' is no certificate in PEM or DER.", e);
        }
    }

    private static X509Certificate2? User(string? certificate, string? key)
    {
        if (string.IsNullOrEmpty(certificate) && string.IsNullOrEmpty(key)) return null;
        if (string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(key))
            throw new ConnectionStringParseException("userCertFile and userKeyFile come together.");
        foreach (var path in (string[])[certificate, key])
        {
            if (!File.Exists(path)) throw new ConnectionStringParseException($"There is no file '{Path.GetFullPath(path)}'.");
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ConnectionStringParseException($"'{certificate}' and '{key}' are no certificate and key in PEM.", e);
        }
    }
}
