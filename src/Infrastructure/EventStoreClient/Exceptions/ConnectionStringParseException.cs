namespace EventStore.Client;

/// <summary>A connection string that says nothing, or the wrong thing.</summary>
public class ConnectionStringParseException(string message, Exception? innerException = null) : Exception(message, innerException);

public class NoSchemeException() : ConnectionStringParseException(
    "The connection string has no scheme. Write it as esdb://host:2113, or as esdb+discover://host:2113 for a cluster.");

public class InvalidSchemeException(string scheme, string[] supportedSchemes) : ConnectionStringParseException(
    $"'{scheme}' is no scheme of a connection string. Use one of: {string.Join(", ", supportedSchemes)}.");

public class InvalidHostException(string host) : ConnectionStringParseException(
    $"'{host}' is no host. Write host or host:port, with a port from 1 to 65535.");

/// <param name="userInfo">Not part of the message: it may hold a password.</param>
public class InvalidUserCredentialsException(string userInfo) : ConnectionStringParseException(
    $"The {userInfo.Length} characters before the @ are no credentials. Write user:password, each percent-encoded.");

public class InvalidKeyValuePairException(string keyValuePair) : ConnectionStringParseException(
    $"'{keyValuePair}' is no setting. Write key=value, with & between two of them.");

public class DuplicateKeyException(string key) : ConnectionStringParseException($"The setting '{key}' stands there twice.");

public class InvalidSettingException(string message) : ConnectionStringParseException(message);

public class InvalidClientCertificateException(string message, Exception? innerException = null)
    : ConnectionStringParseException(message, innerException);
