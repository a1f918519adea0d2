using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>A label in a query, as <c>user:42</c>.</summary>
internal static class AskedLabel
{
    /// <returns>Null: none was given.</returns>
    /// <exception cref="RefusedException">Several, or one that is none.</exception>
    public static KeyValuePair<string, string>? Parse(string[]? labels)
    {
        if (labels is null or []) return null;
        if (labels.Length > 1) throw Invalid("Streams are asked for by one label.");
        var colon = labels[0].IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? KeyValuePair.Create(labels[0][..colon], labels[0][(colon + 1)..])
            : throw Invalid("label is a name and a value, as user:42.");
    }

    /// <summary>All labels that streams have to have to be asked for: the one that is named, and those that the
    /// caller's own have.</summary>
    /// <exception cref="RefusedException">None is named, the caller has only one stream, or streams of its own with
    /// another value.</exception>
    public static Labels Required(HttpContext http, string[]? labels) =>
        Parse(labels) is null ? throw Invalid("label is required: a name and a value, as user:42.") : All(http, labels);

    /// <summary>The same, where none need be named.</summary>
    /// <inheritdoc cref="Required"/>
    public static Labels All(HttpContext http, string[]? labels)
    {
        var asked = Parse(labels);
        var scope = StreamScope.Of(http);
        if (scope?.Only is not null) throw new RefusedException(Refusals.NotAllowed());
        var own = scope?.Labels ?? [];
        return own.Any(label => label.Key == asked?.Key && label.Value != asked?.Value)
            ? throw Invalid("The caller's own streams have another value in this label.")
            : Labels.From([.. own, .. asked is { } one ? [one] : Array.Empty<KeyValuePair<string, string>>()]);
    }

    private static RefusedException Invalid(string detail) => new(Refusals.Invalid("label", detail));
}
