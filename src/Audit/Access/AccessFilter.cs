using System.CommandLine;
using EventSourcedStreams.Audit.Commands;

namespace EventSourcedStreams.Audit.Access;

/// <summary>What of the record is asked for; what is null is not asked for.</summary>
/// <param name="Who">A key's name; its tokens' actors begin with it and a slash, and are asked for too.</param>
internal sealed record AccessFilter(string? Who, string? Stream, bool Refused, DateTimeOffset? After, DateTimeOffset? Before)
{
    public bool Matches(ShownAccess access) =>
        (Who is null || access.Who == Who || access.Who.StartsWith(Who + "/", StringComparison.Ordinal))
        && (Stream is null || access.Stream == Stream)
        && (!Refused || access.Refused is not null)
        && (After is not { } after || access.At >= after.UtcDateTime)
        && (Before is not { } before || access.At < before.UtcDateTime);
}

/// <summary>The same on the command line.</summary>
internal sealed class AccessFilterOptions
{
    private readonly Option<string?> who = new("--who") { Description = "A caller; of a key all its tokens too." };
    private readonly Option<string?> stream = new("--stream") { Description = "A stream's id." };
    private readonly Option<bool> refused = new("--refused") { Description = "Only what was refused." };
    private readonly Option<string?> after = new("--after") { Description = "A day or a time with its zone, included." };
    private readonly Option<string?> before = new("--before") { Description = "A day or a time with its zone, not included." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { who, stream, refused, after, before }) command.Options.Add(option);
    }

    public AccessFilter FilterIn(ParseResult parsed) => new(
        parsed.GetValue(who),
        parsed.GetValue(stream),
        parsed.GetValue(refused),
        parsed.GetValue(after) is { } since ? TimeArgument.Parse(since, "--after") : null,
        parsed.GetValue(before) is { } until ? TimeArgument.Parse(until, "--before") : null);
}
