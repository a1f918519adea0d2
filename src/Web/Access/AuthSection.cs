namespace EventSourcedStreams.Web;

/// <summary>The section <c>Auth</c>, as it is written.</summary>
internal sealed class AuthSection
{
    public const string Name = "Auth";

    /// <summary><c>none</c>: something in front of the server says who may do what. Not set: callers are checked where
    /// there is anything to check them by; without that, only a server that is on loopback alone is open.</summary>
    public string? Mode { get; set; }

    /// <summary>API keys, by name.</summary>
    public Dictionary<string, KeySection> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Secrets that sign stream tokens, at least 32 characters each: the first signs, all are good.</summary>
    public List<string> TokenKeys { get; } = [];

    /// <summary>Whatever reaches the server from elsewhere came over TLS up to a proxy in front of it.</summary>
    public bool BehindTls { get; set; }

    /// <summary>A JSON file with more settings, below the embedded log's folder unless it is named from the root; made,
    /// with a first key, where nothing else says who may do what.</summary>
    public string? File { get; set; }

    public JwtSection Jwt { get; } = new();

    /// <summary>Whether reads, mints, revocations and refusals are recorded in the event log.</summary>
    public bool AccessLog { get; set; }

    /// <summary>How long those records are kept. 1 hour to 100 years.</summary>
    public TimeSpan AccessLogRetention { get; set; } = TimeSpan.FromDays(90);

    internal sealed class KeySection
    {
        /// <summary>SHA-256 of the secret's characters in UTF-8, 64 lower-case hexadecimal digits.</summary>
        public string? Hash { get; set; }

        /// <summary>With commas.</summary>
        public string? Rights { get; set; }

        /// <summary>The label <c>tenant</c> that the key's streams get and must have; none: all streams.</summary>
        public string? Tenant { get; set; }
    }

    internal sealed class JwtSection
    {
        /// <summary>The issuer, whose keys are found below <c>/.well-known/openid-configuration</c>.</summary>
        public string? Authority { get; set; }

        /// <summary>What a token must be meant for.</summary>
        public string? Audience { get; set; }

        /// <summary>The claim whose value is the label <c>user</c> of a caller's streams; none: streams have no
        /// owner.</summary>
        public string? OwnerClaim { get; set; }

        /// <summary>The claim whose value is the label <c>tenant</c> of a caller's streams; none: no tenants.</summary>
        public string? TenantClaim { get; set; }
    }
}
