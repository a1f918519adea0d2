using System.ComponentModel;
using System.Globalization;
using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>All streams of a label, as the audit tool exports them.</summary>
internal static class ExportStreams
{
    private const string Pattern = "/export";

    public static IEnumerable<RouteHandlerBuilder> Map(RouteGroupBuilder group, string prefix, JobAddresses addresses)
    {
        yield return group.MapGet(
                Pattern,
                (
                    [FromQuery, Description("The label of the streams, as user:ann.")] string[]? label,
                    [FromQuery, Description("Instead of a label: the job of an export that was cut.")] string? job,
                    [FromQuery, Description("With job: how many bytes there are already.")] string? offset,
                    [FromQuery, Description("With offset: the SHA-256 of those bytes in hex, to be sure that they go on.")] string? sha256,
                    [FromQuery, Description("true: streams that have not ended too, as far as they are.")] string? running,
                    [FromQuery, Description("true: damaged streams too, said to be so; such an export cannot be imported.")] string? damaged,
                    HttpContext http,
                    EngineAccess access,
                    IOptions<TextStreamsHttpOptions> options,
                    CancellationToken ct) => HandleAsync(new Asked(label, job, offset, sha256, running, damaged), http, access, options.Value, addresses, ct))
            .WithName(EndpointNames.Below(prefix, "ExportStreams"))
            .WithSummary("Export all streams with a label")
            .WithDescription(
                "Lines of JSON with all that is stored of each stream, as the audit tool exports and imports them. Content-Location is where an export "
                + "that was cut goes on, with the number of bytes that have come as offset; Link, rel=status, says how far it is.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .AnswersProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable)
            .AnswersLong();
        yield return group.MapMethods(Pattern, [HttpMethods.Head], (string[]? label, string? job, HttpContext http, EngineAccess access, CancellationToken ct) =>
                HeadAsync(label, job, http, access, ct))
            .ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(
        Asked asked, HttpContext http, EngineAccess access, TextStreamsHttpOptions options, JobAddresses addresses, CancellationToken ct)
    {
        var engine = access.Current;
        var job = asked.Job is null ? await BeginAsync(asked, http, engine, ct) : await GoOnAsync(asked.Job, http, access, ct);
        var id = job.Progress.Job;
        return new ExportAnswer(
            engine, job, addresses.OfExport(http, id), addresses.OfJob(http, id), asked.Bytes, asked.Digest, options.TakeLimit);
    }

    /// <summary>Begins nothing: it says whether there would be an answer.</summary>
    private static async Task<IResult> HeadAsync(string[]? label, string? job, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        if (job is null) AskedLabel.Required(http, label);
        else await GoOnAsync(job, http, access, ct);
        return Results.Text("", "application/x-ndjson");
    }

    private static async Task<RecordedProgress> BeginAsync(Asked asked, HttpContext http, StreamEngine engine, CancellationToken ct)
    {
        KnownParameters.Check(http.Request, "label", "running", "damaged");
        var labels = AskedLabel.Required(http, asked.Label);
        return await engine.Jobs.BeginAsync(JobKind.Export, labels, asked.With, Callers.Of(http), await engine.CountAsync(labels, ct), ct);
    }

    private static async Task<RecordedProgress> GoOnAsync(string job, HttpContext http, EngineAccess access, CancellationToken ct)
    {
        KnownParameters.Check(http.Request, "job", "offset", "sha256");
        var found = await GetJob.FindAsync(job, http, access, ct);
        return found.Progress.Kind is JobKind.Export ? found : throw new RefusedException(Refusals.Invalid("job", "This job is no export."));
    }

    private sealed record Asked(string[]? Label, string? Job, string? Offset, string? Sha256, string? Running, string? Damaged)
    {
        public Names With => Names.From(
        [
            .. AskedFlag.Parse("running", Running) ? [LabelledExport.Running] : Array.Empty<string>(),
            .. AskedFlag.Parse("damaged", Damaged) ? [LabelledExport.Damaged] : Array.Empty<string>(),
        ]);

        public long Bytes =>
            string.IsNullOrEmpty(Offset) ? 0
            : long.TryParse(Offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
            : throw Invalid("offset", "offset is a whole number of bytes.");

        public string? Digest =>
            string.IsNullOrEmpty(Sha256) ? null
            : Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigit) ? Sha256.ToLowerInvariant()
            : throw Invalid("sha256", "sha256 is 64 hexadecimal digits.");

        private static RefusedException Invalid(string field, string detail) => new(Refusals.Invalid(field, detail));
    }
}
