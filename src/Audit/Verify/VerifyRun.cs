using System.CommandLine;
using System.Security.Cryptography;
using EventSourcedStreams.Audit.Commands;
using EventSourcedStreams.Audit.Statements;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Audit.Verify;

/// <summary>One run of <c>verify</c>: statements, streams, statement.</summary>
internal sealed class VerifyRun
{
    private readonly AuditContext context;
    private readonly Store? store;
    private readonly StreamPrefix prefix;
    private readonly VerifyRequest request;
    private readonly VerifyOutput output;
    private readonly StatedStreams stated;
    private readonly Comparison? comparison;
    private readonly IVerification verification;

    /// <param name="store">Null for an export: a log has an identity, and a prefix of its own.</param>
    private VerifyRun(
        AuditContext context, Store? store, StoreLocation location, StreamPrefix prefix, VerifyRequest request, VerifyOutput output, StatedStreams stated)
    {
        (this.context, this.store, this.prefix, this.request, this.output, this.stated) = (context, store, prefix, request, output, stated);
        comparison = stated.Statements.Count > 0 ? new Comparison(stated, output.Report, output.ShowDeleted, request.IsCopy) : null;
        verification = store is null
            ? new ExportVerification(location.ToString()!, prefix, output.Report, id => comparison?.Follow(id))
            : new StoreVerification(store, output.Report, id => comparison?.Follow(id));
    }

    public static async Task<int> RunAsync(
        AuditContext context, SharedOptions shared, ParseResult parsed, VerifyRequest request, CancellationToken ct)
    {
        var began = context.Time.GetTimestamp();
        var location = shared.LocationIn(parsed);
        var isExport = location is StoreLocation.Export;
        if (isExport && request.Sign is not null)
            throw new AuditException($"{location} is an export. A statement is of a log: sign where the export comes from, or where it was imported.");
        var output = new VerifyOutput(context.Console, shared.WantsJson(parsed));
        using var key = request.Sign is { } file ? StatementKey.Private(file) : null;
        var stated = ReadStatements(request, ct);
        foreach (var fault in stated.Faults()) output.Report(fault);
        if (output.Findings > 0)
        {
            output.Sum(context.Time.GetElapsedTime(began), against: null, written: null);
            return ExitCode.Findings;
        }

        foreach (var statement in stated.Statements) output.Show(statement);
        await using var store = isExport ? null : await OpenAsync(shared, parsed, context, output, ct);
        if (store is null && !isExport)
        {
            output.Sum(context.Time.GetElapsedTime(began), against: null, written: null);
            return ExitCode.Findings;
        }

        var run = new VerifyRun(context, store, location, shared.PrefixIn(parsed), request, output, stated);
        var written = await context.Console.WithProgressAsync("Verifying", advance => run.RunAsync(key, advance, ct));
        output.Sum(context.Time.GetElapsedTime(began), run.comparison, written);
        if (output.Findings > 0 && written is not null)
            context.Console.Note("The statement is of a log with findings: they are counted in it, and the streams that have them are marked.");
        return output.Findings > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    /// <returns>Null where its tables are not those of a log: that is reported, and nothing can be read by
    /// them.</returns>
    private static async Task<Store?> OpenAsync(
        SharedOptions shared, ParseResult parsed, AuditContext context, VerifyOutput output, CancellationToken ct)
    {
        try
        {
            return await shared.OpenAsync(parsed, context, ct);
        }
        catch (ForeignSchemaException e)
        {
            StoreVerification.Report(e.Differences, output.Report);
            return null;
        }
    }

    private static StatedStreams ReadStatements(VerifyRequest request, CancellationToken ct)
    {
        var keys = new List<ECDsa>();
        try
        {
            foreach (var file in request.Keys) keys.Add(StatementKey.Public(file));
            return StatedStreams.Read(request.Statements, keys, ct);
        }
        finally
        {
            foreach (var key in keys) key.Dispose();
        }
    }

    private async Task<(string File, string Sha256)?> RunAsync(ECDsa? key, Advance advance, CancellationToken ct)
    {
        var at = context.Time.GetUtcNow();
        var log = store is null ? null : await LogIdAsync(store, ct);
        if (store is not null) RequireSameLog(log);
        else if (comparison is not null)
            context.Console.Note("An export does not say of which log it is: only its streams are held against the statement, and those that were left out are not there.");
        using var writer = key is null ? null : BeginStatement(key, log, at);
        await StreamsAsync(writer, advance, ct);
        return writer?.Finish(output.Findings);
    }

    private async Task StreamsAsync(StatementWriter? writer, Advance advance, CancellationToken ct)
    {
        var size = request.IsAll && store?.Embedded is { } embedded ? new FileInfo(embedded.File).Length : (long?)null;
        var asked = request.IsAll ? null : request.Ids.Select(id => new StreamId(id)).ToHashSet();
        var missing = asked?.ToHashSet() ?? [];
        var done = 0L;
        await foreach (var verified in verification.StreamsAsync(asked, ct))
        {
            output.Count(verified);
            if (asked is not null) output.Show(verified);
            comparison?.Compare(verified);
            writer?.Add(verified);
            missing.Remove(verified.Id);
            advance.To(done += verified.Bytes, size);
        }

        foreach (var id in missing.Where(id => stated.Find(id) is null))
            output.Report(new Finding(FindingCode.Missing, id.Value, null, "a stream of this name", "none, and no tombstone"));
        comparison?.CompareMissing(id => asked?.Contains(id) ?? true);
    }

    private async Task<string?> LogIdAsync(Store store, CancellationToken ct)
    {
        try
        {
            return await store.LogIdAsync(ct);
        }
        catch (LogDamagedException e)
        {
            output.Report(new Finding(FindingCode.Tables, e.Stream, e.Revision, "the log's identity", e.What));
            return null;
        }
    }

    private void RequireSameLog(string? log)
    {
        foreach (var statement in stated.Statements.Where(s => (s.Header.Log != log && !request.IsCopy) || s.Header.Prefix != prefix.Texts))
        {
            output.Report(new Finding(
                FindingCode.OtherLog,
                null,
                null,
                $"{statement.File}: log {statement.Header.Log ?? "(without identity)"}, prefix {statement.Header.Prefix}",
                $"log {log ?? "(without identity)"}, prefix {prefix.Texts}"));
        }
    }

    private StatementWriter BeginStatement(ECDsa key, string? log, DateTimeOffset at)
    {
        var file = request.Out ?? $"statement-{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.jsonl";
        if (Path.Exists(file)) throw new AuditException($"{file} is there already, and a statement is never overwritten. Choose another --out.");
        var previous = request.Previous is null ? null : stated.Statements[0];
        if (previous is not null && previous.Header.PublicKeySha256 != StatementKey.Fingerprint(key))
            context.Console.Note($"{previous.File} is signed by another key (SHA-256 {previous.Header.PublicKeySha256}).");
        return StatementWriter.Begin(
            file,
            new StatementHeader(
                StatementHeader.Name,
                StatementHeader.Version,
                StatementHeader.WhatItIs,
                $"EventSourcedStreams audit {ToolVersion.Text}",
                log,
                prefix.Texts,
                at.UtcDateTime,
                previous is null ? null : new StatementLink(previous.Sha256, previous.Header.At),
                PublicKey: "",
                PublicKeySha256: ""),
            key);
    }
}
