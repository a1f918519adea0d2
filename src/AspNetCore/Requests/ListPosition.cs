using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

/// <summary>What a client has of a list of streams: how far the list had come, and what it showed. Opaque to
/// clients.</summary>
internal readonly record struct ListPosition(LogPosition At, string Shown)
{
    private const int ShownBytes = 12;
    private const char Separator = '.';

    public static ListPosition Of(LogPosition at, CatalogPage list)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(StreamListView.Of(list), WireJson.Relaxed.StreamListView));
        return new(at, Base64Url.EncodeToString(hash.AsSpan(0, ShownBytes)));
    }

    /// <returns>Null: it was not given.</returns>
    public static ListPosition? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var parts = text.Split(Separator);
        var numbers = parts[0].Split('-')
            .Select(part => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ulong?)null)
            .ToArray();
        return (numbers, parts) switch
        {
            ([{ } both], [_, var shown]) => new(new LogPosition(both, both), shown),
            ([{ } commit, { } prepare], [_, var shown]) => new(new LogPosition(commit, prepare), shown),
            _ => throw new RefusedException(Refusals.Invalid("position", "position is that of an earlier list, unchanged.")),
        };
    }

    public override string ToString() => At.Commit == At.Prepare
        ? string.Create(CultureInfo.InvariantCulture, $"{At.Commit}{Separator}{Shown}")
        : string.Create(CultureInfo.InvariantCulture, $"{At.Commit}-{At.Prepare}{Separator}{Shown}");
}
