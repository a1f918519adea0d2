using EventSourcedStreams.AspNetCore;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.Web;

/// <summary>The section <c>Limits</c>: what a key, a tenant, and all callers together may have of this node. What is
/// not set is not limited.</summary>
internal sealed class LimitsSection
{
    public const string Name = "Limits";

    /// <summary>Streams that are created, in a minute.</summary>
    public Quota CreationsPerMinute { get; } = new();

    /// <summary>Streams that are driven at one time, whether or not their drivers are still there.</summary>
    public Quota LiveDrives { get; } = new();

    /// <summary>Requests that follow a stream at one time.</summary>
    public Quota Followers { get; } = new();

    /// <summary>UTF-8 bytes of text that drives have written, in a day of UTC; counted as each stream ends.</summary>
    public Quota TextBytesPerDay { get; } = new();

    /// <exception cref="InvalidOperationException">A key is misspelt, or cannot be read.</exception>
    /// <exception cref="OptionsValidationException">A value is not as it should be; names its key.</exception>
    public static LimitsSection Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Name);
        KnownKeys.Check(section, typeof(LimitsSection));
        var limits = new LimitsSection();
        section.Bind(limits);
        var wrong = section.GetChildren().SelectMany(quota => quota.GetChildren())
            .Where(value => value.Value is not null && (!long.TryParse(value.Value, out var most) || most < 1))
            .Select(value => $"{value.Path}: a whole number of at least 1, not '{value.Value}'.").ToArray();
        return wrong is [] ? limits : throw new OptionsValidationException(Name, typeof(LimitsSection), wrong);
    }

    /// <summary>At least 1 each; null: no limit.</summary>
    internal sealed class Quota
    {
        /// <summary>Of each key, its tokens included; of each user of another authority; on an open server of
        /// all.</summary>
        public long? Key { get; set; }

        /// <summary>Of each tenant.</summary>
        public long? Tenant { get; set; }

        /// <summary>Of all callers together.</summary>
        public long? All { get; set; }

        public bool IsSet() => (Key ?? Tenant ?? All) is not null;
    }
}
