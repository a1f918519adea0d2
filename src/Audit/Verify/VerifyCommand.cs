using System.CommandLine;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Terminal;

namespace EventSourcedStreams.Audit.Verify;

/// <summary><c>audit verify</c>: whether what a store holds can be what was written, and whether it still is what a
/// statement says.</summary>
internal static class VerifyCommand
{
    public static Command Create(AuditContext context)
    {
        var shared = new SharedOptions();
        var ids = new Argument<string[]>("ID") { Description = "Streams; none for all.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every stream, and the log's own tables." };
        var sign = new Option<string?>("--sign") { Description = "A private key (PEM): write a signed statement of what is there." };
        var output = new Option<string?>("--out") { Description = "The statement's file; without it a name with the time, here." };
        var previous = new Option<string?>("--previous") { Description = "The statement before: the new one names it, and it is checked." };
        var against = new Option<string[]>("--against") { Description = "A statement to hold the store against; again for the next of a chain." };
        var key = new Option<string[]>("--key") { Description = "A public key (PEM) whose signatures are believed; again for another." };
        var copy = new Option<bool>("--copy")
        {
            Description = "The statement is of the log that this one was copied from: only the logs' identities may differ.",
        };
        var command = new Command("verify", "Check that nothing was changed; sign a statement of it, or check against one.")
        {
            ids, all, sign, output, previous, against, key, copy,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var request = new VerifyRequest(
                parsed.GetValue(ids) ?? [],
                parsed.GetValue(sign),
                parsed.GetValue(output),
                parsed.GetValue(previous),
                parsed.GetValue(against) ?? [],
                parsed.GetValue(key) ?? [],
                parsed.GetValue(copy));
            request.Require(isAll: parsed.GetValue(all));
            return VerifyRun.RunAsync(context, shared, parsed, request, ct);
        });
        return command;
    }
}
