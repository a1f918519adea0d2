using System.Text.Json;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>What a client says of a token that it wants.</summary>
internal sealed record MintRequest(IReadOnlyList<StreamRight> Rights, TimeSpan Life, string? Subject, string? Label)
{
    private const int MaxSubjectChars = 128;
    private const int MaxLabelChars = 64 + 1 + 256;
    private const int MaxSeconds = 86_400;

    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(15);

    /// <param name="known">The rights that such a token may have.</param>
    /// <exception cref="RefusedException">Names the field that is not as it should be.</exception>
    public static MintRequest Parse(JsonElement? body, IReadOnlyList<StreamRight> known, bool isLabelled)
    {
        StreamRight[] rights = [];
        var life = UsualLife;
        string? subject = null, label = null;
        foreach (var field in body?.EnumerateObject() ?? default)
        {
            switch (field.Name)
            {
                case "rights": rights = RightsOf(field, known); break;
                case "seconds" when field.Value.ValueKind != JsonValueKind.Null: life = field.Seconds(1, MaxSeconds); break;
                case "sub" when field.Value.ValueKind != JsonValueKind.Null: subject = SubjectOf(field); break;
                case "label" when isLabelled: label = LabelOf(field); break;
                case "seconds" or "sub": break;
                default: throw field.Unknown(isLabelled ? "label, rights, seconds, sub" : "rights, seconds, sub");
            }
        }

        if (isLabelled && label is null)
            throw new RefusedException(Refusals.Invalid("label", "label is required: a name and a value, as user:42. For one stream ask below its address."));
        if (rights.Length == 0)
            throw new RefusedException(Refusals.Invalid("rights", $"rights is required: one or more of {Names(known)}."));
        return new MintRequest(rights, life, subject, label);
    }

    private static StreamRight[] RightsOf(JsonProperty field, IReadOnlyList<StreamRight> known)
    {
        if (field.Value.ValueKind != JsonValueKind.Array) throw field.Refused($"is a list of {Names(known)}.");
        return
        [
            .. field.Value.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.String ? StreamRights.Parse(item.GetString()!) : null)
                .Select(right => right is { } named && known.Contains(named) ? named : throw field.Refused($"is a list of {Names(known)}."))
                .Distinct(),
        ];
    }

    private static string SubjectOf(JsonProperty field) =>
        field.Text() is { Length: > 0 and <= MaxSubjectChars } subject && !subject.Any(char.IsControl)
            ? subject
            : throw field.Refused($"has 1 to {MaxSubjectChars} characters, none of them a control character.");

    private static string LabelOf(JsonProperty field) =>
        field.Text() is { Length: <= MaxLabelChars } label && label.IndexOf(':', StringComparison.Ordinal) is > 0 and <= 64
            ? label
            : throw field.Refused("is a name and a value, as user:42.");

    private static string Names(IEnumerable<StreamRight> rights) => string.Join(", ", rights.Select(right => right.Name()));
}
