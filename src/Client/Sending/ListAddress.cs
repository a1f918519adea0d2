using System.Globalization;

namespace EventSourcedStreams.Client;

/// <summary>What a list is asked by, as an address has it.</summary>
internal static class ListAddress
{
    public static string Of(StreamListQuery? query, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] all =
        [
            ("status", query?.Status is { } status ? StreamStatusConverter.NameOf(status) : null),
            ("label", query?.Label is { } label ? $"{label.Key}:{label.Value}" : null),
            ("q", query?.Search),
            ("source", query?.Source),
            ("from", Time(query?.From)),
            ("to", Time(query?.To)),
            ("limit", query?.Limit?.ToString(CultureInfo.InvariantCulture)),
            ("count", query?.WithTotal is true ? "true" : null),
            .. more,
        ];
        var given = all.Where(each => each.Value is not null).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}").ToArray();
        return given is [] ? "" : $"?{string.Join('&', given)}";
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
