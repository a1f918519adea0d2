using System.Globalization;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Histories;
using EventSourcedStreams.Audit.Statements;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>Says what a verification finds, for people or as lines of JSON, and counts it.</summary>
internal sealed class VerifyOutput(AuditConsole console, bool isJson)
{
    /// <summary>On a screen, where a bar is moving, lines wait for its end; more than a person reads only their number
    /// is kept.</summary>
    private const int MaxWaiting = 1000;

    /// <summary>Of what was expected and found: damage can be long.</summary>
    private const int MaxChars = 500;

    private readonly List<Action> waiting = [];
    private readonly SortedDictionary<string, long> statuses = new(StringComparer.Ordinal);
    private long streams, events, bytes, damaged, unsaid;

    public long Findings { get; private set; }

    public void Report(Finding told)
    {
        Findings++;
        var finding = told with { Expected = EventDetail.Excerpt(told.Expected, MaxChars), Found = EventDetail.Excerpt(told.Found, MaxChars) };
        Write(() =>
        {
            if (isJson)
            {
                console.WriteJson(
                    new FindingLine("finding", finding.Code, finding.Stream, finding.Revision, finding.Expected, finding.Found),
                    VerifyJson.Default.FindingLine);
                return;
            }

            var place = (finding.Stream, finding.Revision) switch
            {
                (null, _) => "",
                ({ } stream, null) => $"{stream}: ",
                ({ } stream, { } revision) => string.Create(CultureInfo.InvariantCulture, $"{stream}, revision {revision}: "),
            };
            console.WriteLine($"{place}[{finding.Code}] expected {finding.Expected}; found: {finding.Found}");
        });
    }

    public void Count(VerifiedStream stream)
    {
        streams++;
        events += stream.Events;
        bytes += stream.Bytes;
        if (stream.Findings > 0) damaged++;
        var status = stream.Status?.Name() ?? "unknown";
        statuses[status] = statuses.GetValueOrDefault(status) + 1;
    }

    /// <summary>One that was asked for by name.</summary>
    public void Show(VerifiedStream stream) => Write(() =>
    {
        if (isJson) console.WriteJson(LineOf("stream", stream), VerifyJson.Default.StreamLine);
        else console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{stream.Id}: {(stream.Findings == 0 ? "clean" : $"{stream.Findings} findings")}, {stream.Status?.Name() ?? "status unknown"}, "
            + $"{stream.Events} events, {stream.Bytes} bytes, {Head(stream.Head)}{By(stream.Deletion)}"));
    });

    public void ShowDeleted(VerifiedStream stream) => Write(() =>
    {
        if (isJson) console.WriteJson(LineOf("deleted", stream), VerifyJson.Default.StreamLine);
        else console.WriteLine($"{stream.Id}: since the statement{By(stream.Deletion)}; {Head(stream.Head)}");
    });

    /// <param name="statement">One without faults.</param>
    public void Show(Statement statement)
    {
        var fingerprint = statement.Header.PublicKeySha256;
        if (isJson)
        {
            console.WriteJson(
                new StatementLine(
                    "statement", statement.File, statement.Sha256, statement.Header.At, statement.Header.Log, statement.Totals?.Streams,
                    fingerprint, statement.IsKeyGiven ? "given" : "embedded"),
                VerifyJson.Default.StatementLine);
        }
        else
        {
            console.WriteLine(
                $"Statement {statement.File} of {TimeArgument.Show(statement.Header.At)}, {statement.Totals?.Streams} streams: signature good.");
        }

        if (statement.IsKeyGiven) return;
        console.Note(
            $"Without --key {statement.File} was checked with the public key inside it (SHA-256 {fingerprint}). That proves that it is as that "
            + "key's owner signed it, not who the owner is: anybody can sign a statement with a key of their own. Give --key.");
    }

    /// <param name="written">The statement that was written, and its SHA-256.</param>
    public void Sum(TimeSpan took, Comparison? against, (string File, string Sha256)? written)
    {
        foreach (var say in waiting) say();
        waiting.Clear();
        if (unsaid > 0) console.WriteLine($"… and {unsaid} lines more. Send the output to a file to have them all.");
        var counted = against is null
            ? null
            : new AgainstLine(against.Unchanged, against.Grown, against.Deleted, against.New, against.Unknown, against.Damaged > 0 ? against.Damaged : null);
        if (isJson)
        {
            console.WriteJson(
                new SummaryLine(
                    "summary", streams, events, bytes, Math.Round(took.TotalSeconds, 3), Findings, damaged, statuses, counted,
                    written?.File, written?.Sha256),
                VerifyJson.Default.SummaryLine);
            return;
        }

        if (counted is not null)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Against the statement: {counted.Unchanged} streams unchanged, {counted.Grown} grown, {counted.Deleted} deleted, {counted.New} new"
                + $"{(counted.Unknown > 0 ? $", {counted.Unknown} that could not be read then" : "")}"
                + $"{(counted.Damaged > 0 ? $", {counted.Damaged} damaged" : "")}."));
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(Findings == 0 ? "Clean" : $"{Findings} findings, {damaged} streams damaged")}: {streams} streams"
            + $"{(streams > 0 ? $" ({string.Join(", ", statuses.Select(status => $"{status.Value} {status.Key}"))})" : "")}, "
            + $"{events} events, {bytes} bytes in {took.TotalSeconds:0.0} s."));
        if (written is var (file, sha256)) console.WriteLine($"Statement {file}, SHA-256 {sha256}.");
    }

    private void Write(Action line)
    {
        if (!console.IsOutputTerminal) line();
        else if (waiting.Count < MaxWaiting) waiting.Add(line);
        else unsaid++;
    }

    private static StreamLine LineOf(string kind, VerifiedStream stream) => new(
        kind, stream.Id.Value, stream.Status?.Name(), stream.Head?.Revision.Value, stream.Head?.Hash.ToString(), stream.IsTombstoned,
        stream.Deletion?.By, stream.Deletion?.At.UtcDateTime, stream.Events, stream.Bytes, stream.Findings);

    private static string Head(StreamHead? head) => head is { } known ? $"head {known.Revision} {known.Hash}" : "head unknown";

    private static string By(Deletion? deletion) =>
        deletion is { } known ? $", deleted by {known.By} at {TimeArgument.Show(known.At)}" : "";
}
