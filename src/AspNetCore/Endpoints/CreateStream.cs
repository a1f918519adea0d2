using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

internal static class CreateStream
{
    private const string ContentType = "text/plain; charset=utf-8";

    public static void Map(RouteGroupBuilder group) => group.MapPost("/", HandleAsync)
        .WithName("CreateStream")
        .WithSummary("Create a stream")
        .WithDescription(
            "Creates a stream that waits to be driven. With an id of the client's own, the same request again answers 200 with what is "
            + "there, another one with that id 409; the id of a deleted stream 410. An empty body is {}.")
        .Accepts<CreateBody>(isOptional: true, "application/json", JsonBody.CheckedHere)
        .Produces<StreamView>(StatusCodes.Status201Created)
        .Produces<StreamView>()
        .AnswersProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status410Gone,
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        HttpContext http, EngineAccess access, IOptions<TextStreamsHttpOptions> options, CancellationToken ct)
    {
        var request = CreateRequest.Parse(await JsonBody.ReadAsync(http.Request, ct));
        foreach (var reserved in http.User.FindAll(AccessClaims.Reserved)) request.RefuseLabel(reserved.Value);
        foreach (var label in StreamScope.Of(http)?.Labels ?? []) request = request.With(label);
        var engine = access.Current;
        var create = Command(request, engine, options.Value, options.Value.ClientSources);
        switch (await engine.Creation.CreateAsync(create, Callers.Of(http), ct))
        {
            case CreateResult.Created(var stream):
                http.Response.Headers.Location = StreamAddresses.OfStream(http, create.Id);
                return new StreamAnswer(StreamView.Of(stream, text: ""), stream, StatusCodes.Status201Created);
            case CreateResult.Exists:
                var there = await engine.Summaries.FindAsync(create.Id, ct) ?? throw new LogUnavailableException("The stream cannot be read yet.");
                return http.User.May(StreamRight.Read)
                    ? new StreamTextAnswer(there, access.Texts, options.Value.TakeLimit)
                    : new StreamAnswer(StreamView.Of(there.Summary), there.Summary);
            case CreateResult.Differs:
                return Refusals.IdInUse(create.Id);
            case CreateResult.Foreign(var begun):
                return Refusals.IdInUse(create.Id, begun);
            case CreateResult.Kept:
                return Refusals.IdKept();
            case CreateResult.Truncated:
                return Refusals.IdTruncated(create.Id);
            default:
                return Refusals.Deleted();
        }
    }

    /// <param name="allowed">Null: all that the server has.</param>
    private static ITextSource SourceOf(
        CreateRequest request, StreamEngine engine, TextStreamsHttpOptions options, IReadOnlyCollection<string>? allowed)
    {
        var known = engine.Drivers.SourceNames.Where(name => allowed is null || allowed.Contains(name, StringComparer.Ordinal));
        var name = request.Source ?? options.DefaultSource ?? throw new RefusedException(Refusals.Invalid(
            "source", $"source is required here. There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."));
        var source = known.Contains(name, StringComparer.Ordinal) ? engine.Drivers.FindSource(name) : null;
        if (source is null) throw new RefusedException(Refusals.UnknownSource(TextCut.ToBytes(name, 100), known));
        source.Validate(request.Input);
        return source;
    }

    internal static StreamCommand.Create Command(
        CreateRequest request, StreamEngine engine, TextStreamsHttpOptions options, IReadOnlyCollection<string>? allowed) => new(
        request.Id ?? StreamIds.New(engine.Time),
        SourceOf(request, engine, options, allowed).Name,
        request.Input?.GetRawText(),
        ContentType,
        request.IdleTimeout ?? engine.Options.IdleTimeout,
        request.Retain,
        request.Labels,
        request.Given)
        {
            At = engine.Time.GetUtcNow(),
            MaxDuration = request.MaxDuration,
            OnDisconnect = request.OnDisconnect,
        };
}
