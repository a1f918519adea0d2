using System.Collections.ObjectModel;

namespace Grpc.Core;

/// <summary>A call's headers or trailers, in order. A key may come twice.</summary>
public sealed class Metadata : Collection<Metadata.Entry>
{
    /// <param name="value">Already decoded.</param>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>The last entry of that key; null for none.</summary>
    public Entry? Get(string key) => this.LastOrDefault(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The last value of that key; null for none.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    public sealed class Entry(string key, string value)
    {
        /// <summary>In lower case.</summary>
        public string Key { get; } = key.ToLowerInvariant();

        public string Value { get; } = value;

        public override string ToString() => $"[Entry: key={Key}, value={Value}]";
    }
}
