using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.List;

/// <summary>Which streams are listed; null or empty for any. <paramref name="CreatedAfter"/> includes its moment,
/// <paramref name="CreatedBefore"/> does not.</summary>
internal sealed record ListFilter(
    string? Status,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    string? Source,
    DateTimeOffset? CreatedAfter,
    DateTimeOffset? CreatedBefore)
{
    /// <exception cref="AuditException">What was given is no filter.</exception>
    public static ListFilter Parse(string? status, string[] labels, string? source, string? createdAfter, string? createdBefore) => new(
        status is null or ListedStream.Damaged || StreamStatusNames.Parse(status) is not null
            ? status
            : throw new AuditException(
                $"--status is pending, streaming, done, error, cancelled, timeout, deleted or damaged; '{status}' is not."),
        [.. labels.Select(LabelOf)],
        source,
        createdAfter is null ? null : TimeArgument.Parse(createdAfter, "--created-after"),
        createdBefore is null ? null : TimeArgument.Parse(createdBefore, "--created-before"));

    /// <summary>What is not known of a deleted or damaged stream matches nothing.</summary>
    public bool Matches(ListedStream stream) =>
        (Status is null || stream.Status == Status)
        && (Source is null || stream.Source == Source)
        && (CreatedAfter is not { } after || stream.CreatedAt >= after.UtcDateTime)
        && (CreatedBefore is not { } before || stream.CreatedAt < before.UtcDateTime)
        && Labels.All(label => stream.Labels?.GetValueOrDefault(label.Key) == label.Value);

    private static KeyValuePair<string, string> LabelOf(string label) =>
        label.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? KeyValuePair.Create(label[..colon], label[(colon + 1)..])
            : throw new AuditException($"--label is a name and a value, as user:42; '{label}' is not.");
}
