using System.ComponentModel;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.AspNetCore;

[Description("What streams have used, counted by day, source and model, and by a label where that is asked; days first.")]
internal sealed record UsageListView(
    IReadOnlyList<UsageView> Items, [property: Description("Of the next page. Left out on the last.")] string? NextCursor);

[Description("The streams that ended on one day, of one source, one model and, where that is asked, one value of a label.")]
internal sealed record UsageView
{
    [Description("The day of UTC on which the streams ended, as 2026-11-28.")]
    public required string Day { get; init; }

    [Description("The label by which it is counted, as user:ann. Left out where the streams have none of that name.")]
    public string? Label { get; init; }

    public required string Source { get; init; }

    [Description("Left out where the source names none.")]
    public string? Model { get; init; }

    [Description("How many streams ended, whatever their ending.")]
    public required long Streams { get; init; }

    [Description("UTF-8 bytes of their texts.")]
    public required long Length { get; init; }

    [Description("As far as providers said so.")]
    public required long InputTokens { get; init; }

    [Description("As far as providers said so.")]
    public required long OutputTokens { get; init; }

    /// <param name="by">The label's name; null: none.</param>
    public static UsageView Of(UsageRow row, string? by) => new()
    {
        Day = row.Key.Day.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        Label = by is null || row.Key.Value.Length == 0 ? null : $"{by}:{row.Key.Value}",
        Source = row.Key.Source,
        Model = row.Key.Model.Length == 0 ? null : row.Key.Model,
        Streams = row.Streams,
        Length = row.Bytes,
        InputTokens = row.InputTokens,
        OutputTokens = row.OutputTokens,
    };
}
