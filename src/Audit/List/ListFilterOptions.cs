using System.CommandLine;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.List;

/// <summary>Which streams, on the command line. One of these a command.</summary>
internal sealed class ListFilterOptions
{
    private readonly Option<string?> status = new("--status")
    {
        Description = "pending, streaming, done, error, cancelled, timeout, deleted or damaged.",
    };

    private readonly Option<string[]> label = new("--label")
    {
        Description = "A label, as name:value; again for another that must be there too.",
    };

    private readonly Option<string?> source = new("--source") { Description = "The name of a source, as openai." };
    private readonly Option<string?> after = new("--created-after") { Description = "A day or a time with its zone, included." };
    private readonly Option<string?> before = new("--created-before") { Description = "A day or a time with its zone, not included." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { status, label, source, after, before }) command.Options.Add(option);
    }

    /// <exception cref="AuditException">What was given is no filter.</exception>
    public ListFilter FilterIn(ParseResult parsed) => ListFilter.Parse(
        parsed.GetValue(status),
        parsed.GetValue(label) ?? [],
        parsed.GetValue(source),
        parsed.GetValue(after),
        parsed.GetValue(before));
}
