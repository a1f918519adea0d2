using System.ComponentModel;
using System.Text.Json.Serialization;
using EventSourcedStreams.AspNetCore;

namespace EventSourcedStreams.Web;

/// <summary>Makes tokens that a browser may have: for one stream, or for all that have a label.</summary>
internal static class MintTokens
{
    /// <summary>What there is to be done with one stream that is there.</summary>
    private static readonly StreamRight[] OfOneStream = [StreamRight.Drive, StreamRight.Read, StreamRight.Cancel, StreamRight.Delete];
    private static readonly StreamRight[] OfLabelled = [.. OfOneStream, StreamRight.Create, StreamRight.List];

    /// <param name="streams">The endpoints of streams.</param>
    public static void MapStreamTokens(this IEndpointRouteBuilder endpoints, RouteGroupBuilder streams)
    {
        streams.MapPost("/{id}/tokens", ForStreamAsync)
            .WithName("MintStreamToken")
            .WithSummary("Make a token for one stream")
            .WithDescription(
                "For a browser: it has some of the caller's rights (drive, read, cancel, delete) on this stream, for a time. It is sent as the "
                + "caller's own key is, or, by EventSource, as ?token=.")
            .Accepts<MintBody>("application/json", JsonBody.CheckedHere)
            .Produces<MintedToken>()
            .AnswersProblems(Problems);
        var group = endpoints.MapGroup("/v1/tokens").WithTags("Streams").WithMetadata(EndpointRights.Mint);
        TextStreamEndpoints.AddFilters(group);
        group.MapPost("", ForLabelAsync)
            .WithName("MintToken")
            .WithSummary("Make a token for all streams with a label")
            .WithDescription("As for one stream, and for creating and listing too: what it creates gets the label, and no other streams are there for it.")
            .Accepts<MintLabelledBody>("application/json", JsonBody.CheckedHere)
            .Produces<MintedToken>()
            .AnswersProblems(Problems);
    }

    private static int[] Problems =>
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
        StatusCodes.Status410Gone, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status501NotImplemented, StatusCodes.Status503ServiceUnavailable,
    ];

    private static async Task<IResult> ForStreamAsync(
        [Description("The stream's id.")] string id, HttpContext http, EngineAccess engine, StreamTokens tokens, CallerAccess access, TimeProvider time, CancellationToken ct)
    {
        var stream = StreamIds.Parse(id);
        var request = MintRequest.Parse(await JsonBody.ReadAsync(http.Request, ct), OfOneStream, isLabelled: false);
        if (await engine.Owners.FindAsync(stream, CallerPrincipal.TenantLabel, ct) is null) return Refusals.UnknownStream(stream);
        return Mint(http, tokens, access, time, request, stream);
    }

    private static async Task<IResult> ForLabelAsync(
        HttpContext http, StreamTokens tokens, CallerAccess access, TimeProvider time, CancellationToken ct)
    {
        var request = MintRequest.Parse(await JsonBody.ReadAsync(http.Request, ct), OfLabelled, isLabelled: true);
        return Mint(http, tokens, access, time, request, stream: null);
    }

    private static IResult Mint(
        HttpContext http, StreamTokens tokens, CallerAccess access, TimeProvider time, MintRequest request, StreamId? stream)
    {
        var pass = http.Features.Get<AccessPass>();
        if (pass is { IsToken: true }) return AccessAnswers.Forbidden("A token makes no tokens: ask with the key that made it.");
        if (!access.IsOpen && request.Rights.Where(right => !http.User.Has(right)).Select(right => right.Name()).FirstOrDefault() is { } missing)
            return AccessAnswers.Forbidden($"A token has at most its maker's rights, and '{missing}' is not among them.");
        if (!tokens.CanMint)
            return new Refusal(StatusCodes.Status501NotImplemented, "no-token-keys", "The server makes no tokens.",
                "Set Auth:TokenKeys:0, the same on every node; `keys token-key` makes one.");
        var own = http.User.FindAll(AccessClaims.Label).Select(claim => claim.Value).ToArray();
        if (request.Label is { } label && own.FirstOrDefault(has => IsOtherValue(has, label)) is not null)
            return Refusals.Invalid("label", "The caller's own streams have another value in this label.");
        var until = time.GetUtcNow() + request.Life;
        if (pass?.Until < until) until = pass.Until.Value; // as long as what it was asked with, at most
        var maker = Callers.Of(http).Actor;
        var token = tokens.Mint(new StreamTokenGrant(
            Actor: $"{maker}/{request.Subject ?? Guid.NewGuid().ToString("N")[..12]}",
            pass?.Key,
            [.. request.Rights.Select(right => right.Name())],
            [.. own.Concat(request.Label is null ? [] : [request.Label]).Distinct()],
            stream,
            until));
        return new JsonAnswer<MintedToken>(
            new MintedToken(token, DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds())), MintJson.Default.MintedToken, "no-store");
    }

    private static bool IsOtherValue(string has, string wanted) => has != wanted && AccessClaims.ParseLabel(has).Key == AccessClaims.ParseLabel(wanted).Key;
}

/// <summary>For the API's description.</summary>
[Description("What a token is to be good for.")]
internal sealed record MintBody(
    [property: Description("Some of drive, read, cancel and delete, at most the caller's.")] IReadOnlyList<string> Rights,
    [property: Description("1 to 86400, default 900.")] int? Seconds = null,
    [property: Description("For whom it is, for the record: the actor is the key's name, a slash, and this.")] string? Sub = null);

/// <inheritdoc cref="MintBody"/>
[Description("What a token is to be good for.")]
internal sealed record MintLabelledBody(
    [property: Description("A label that its streams have, as user:ann.")] string Label,
    [property: Description("Some of create, list, drive, read, cancel and delete, at most the caller's.")] IReadOnlyList<string> Rights,
    [property: Description("1 to 86400, default 900.")] int? Seconds = null,
    [property: Description("For whom it is, for the record: the actor is the key's name, a slash, and this.")] string? Sub = null);

[Description("A token, which is shown this once.")]
internal sealed record MintedToken(string Token, DateTimeOffset ExpiresAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MintedToken))]
internal sealed partial class MintJson : JsonSerializerContext;
