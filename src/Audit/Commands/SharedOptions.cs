using System.CommandLine;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Commands;

/// <summary>What most commands take: which store, which streams in it, and how to answer. One of these a
/// command.</summary>
public sealed class SharedOptions
{
    public Option<string> Store { get; } = new("--store")
    {
        Description = "A folder with an embedded log, its log.db, an export, or a connection string (esdb://…, kurrentdb://…).",
        DefaultValueFactory = _ => "data",
    };

    public Option<string> Prefix { get; } = new("--prefix")
    {
        Description = "What the names of the text streams begin with.",
        DefaultValueFactory = _ => StreamPrefix.Default.Texts,
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "A server's key: for a log that it serves (esdb://…), and with --server.",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Newline-delimited JSON instead of tables." };

    public void AddTo(Command command)
    {
        command.Options.Add(Store);
        command.Options.Add(Prefix);

        // To `verify` a key is one that signs; there a server's stands in the connection string.
        if (command.Options.All(option => option.Name != Key.Name)) command.Options.Add(Key);
        command.Options.Add(Json);
    }

    public StoreLocation LocationIn(ParseResult parsed) =>
        StoreLocation.Parse(parsed.GetRequiredValue(Store)).WithKey(parsed.GetValue(Key));

    /// <exception cref="AuditException">It is no prefix.</exception>
    internal StreamPrefix PrefixIn(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Prefix);
        return StreamPrefix.TryParse(text, out var prefix)
            ? prefix
            : throw new AuditException($"--prefix is letters and digits and one '-', as text-; '{text}' is not.");
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(Json);

    /// <summary>The store that the command line names, for reading.</summary>
    public Task<Store> OpenAsync(ParseResult parsed, AuditContext context, CancellationToken ct) =>
        Stores.Store.OpenAsync(LocationIn(parsed), PrefixIn(parsed), context, ct);
}
