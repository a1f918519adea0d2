using System.Buffers.Text;
using System.Text.Json;

namespace EventSourcedStreams.Domain;

/// <summary>What is asked of how much was used. A stream counts on the day, of UTC, on which it has ended.</summary>
/// <param name="Within">Labels that a stream must have, all of them; none: any stream.</param>
/// <param name="By">The name of a label by whose values it is counted; null: not by labels.</param>
/// <param name="From">Ended at this time or later; null: however long ago.</param>
/// <param name="To">Ended before this time; null: until now.</param>
/// <param name="After">The last row of the page before; null: the first page.</param>
internal sealed record UsageQuery(
    IReadOnlyList<KeyValuePair<string, string>> Within, string? By, DateTimeOffset? From, DateTimeOffset? To, UsageKey? After, int Limit);

/// <summary>What streams are counted together by, and the order of what was counted.</summary>
/// <param name="Value">Of the label; empty where a stream has none, and where it is not asked for.</param>
/// <param name="Model">Empty where the source names none.</param>
internal sealed record UsageKey(DateOnly Day, string Value, string Source, string Model)
{
    /// <summary>As a page's cursor.</summary>
    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        [$"{Day.DayNumber}", Value, Source, Model], UsageKeyJson.Default.StringArray));

    /// <exception cref="InvalidCursorException">No page has given it out.</exception>
    public static UsageKey Parse(string cursor)
    {
        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(cursor), UsageKeyJson.Default.StringArray) is [{ } day, { } value, { } source, { } model]
                ? new UsageKey(DateOnly.FromDayNumber(int.Parse(day, System.Globalization.CultureInfo.InvariantCulture)), value, source, model)
                : throw new InvalidCursorException();
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidCursorException();
        }
    }
}

/// <param name="Streams">How many have ended, whatever their ending.</param>
/// <param name="Bytes">Of their texts, as UTF-8.</param>
/// <param name="InputTokens">As far as providers said so.</param>
/// <param name="OutputTokens">As far as providers said so.</param>
internal sealed record UsageRow(UsageKey Key, long Streams, long Bytes, long InputTokens, long OutputTokens);

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class UsageKeyJson : System.Text.Json.Serialization.JsonSerializerContext;
