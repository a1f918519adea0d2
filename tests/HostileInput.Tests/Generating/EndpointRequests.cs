using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EventSourcedStreams.HostileInput.Tests;

/// <summary>Requests of one endpoint. What it takes is read from its description, so that a new endpoint, parameter or
/// field is tried too.</summary>
internal sealed class EndpointRequests
{
    /// <summary>Read without being described, or known to other servers.</summary>
    private static readonly string[] AlsoAsked = ["token", "stream", "at", "text", "after", "limit", "cursor", "api-version", "continue", "invalid", "%00", "a%5B%5D", ""];

    private static readonly string[] OtherMethods = ["PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "DELETE", "POST", "GET", "HEAD", "QUERY", "PROPFIND", "get"];

    private readonly RouteEndpoint endpoint;
    private readonly ParameterInfo[] parameters;

    public EndpointRequests(RouteEndpoint endpoint) =>
        (this.endpoint, parameters) = (endpoint, endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []);

    public string Pattern => endpoint.RoutePattern.RawText!;

    public IReadOnlyList<string> Methods => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];

    public bool IsDrive => Pattern.EndsWith("/drive", StringComparison.Ordinal);

    /// <summary>Also of another method than the endpoint's, now and then.</summary>
    public Gen<HostileRequest> All =>
        from method in Gen.Frequency((12, Gen.Elements<string>(Methods).Select(each => each == "*" ? "GET" : each)), (1, Gen.Elements(OtherMethods)))
        from path in Path(0)
        from query in Query
        from headers in HostileHeaders.Some
        from body in Bodies(method)
        from isChunked in Gen.Elements(false, true)
        from type in Gen.Frequency((9, Gen.Constant(IsDrive ? "text/plain" : "application/json")), (1, Gen.Constant("")))
        select new HostileRequest(method, path, query, Typed(headers, body, type), body, isChunked);

    /// <summary>As the endpoint describes it; null: it does not.</summary>
    private Type? BodyType => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    private Gen<List<string>> Query
    {
        get
        {
            var names = parameters.Where(parameter => parameter.GetCustomAttribute<FromQueryAttribute>() is not null)
                .Select(parameter => parameter.GetCustomAttribute<FromQueryAttribute>()!.Name ?? parameter.Name!).ToArray();
            var name = names.Length == 0 ? Gen.Elements(AlsoAsked) : Gen.Frequency((5, Gen.Elements(names)), (1, Gen.Elements(AlsoAsked)));
            var pair = name.SelectMany(each => Gen.Frequency((9, HostileText.Values.Select(value => $"{each}={Addressed(value)}")), (1, Gen.Constant(each))));
            return Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(4))).SelectMany(count => pair.ListOf(count));
        }
    }

    private Gen<string> Path(int from) => from == endpoint.RoutePattern.PathSegments.Count
        ? Gen.Frequency((30, Gen.Constant(Pattern.EndsWith('/') ? "/" : "")), (2, Gen.Elements("", "/", "//", "/.", "/..", "%2F", "%00", ";a=b", "%20")))
        : Segment(endpoint.RoutePattern.PathSegments[from]).SelectMany(segment => Path(from + 1).Select(rest => $"/{segment}{rest}"));

    private Gen<string> Segment(RoutePatternPathSegment segment) => segment.Parts switch
    {
        [RoutePatternLiteralPart literal] => Gen.Frequency((30, Gen.Constant(literal.Content)), (1, Gen.Constant(literal.Content.ToUpperInvariant()))),
        [RoutePatternParameterPart { IsCatchAll: false }] => HostileText.Ids.Select(Addressed),
        [RoutePatternParameterPart { Name: "documentName" }, RoutePatternLiteralPart rest] => Gen.OneOf(Gen.Constant("v1"), HostileText.Ids.Select(Addressed)).Select(name => name + rest.Content),
        [RoutePatternParameterPart { IsCatchAll: true }] => HostileText.Ids.Select(Addressed).ListOf(3).Select(all => string.Join('/', all)),
        _ => throw new NotSupportedException($"Nothing is made up for the parameter in {Pattern}: say here what."),
    };

    /// <summary>A space, a control character and what is no ASCII cannot stand in a request line.</summary>
    private static string Addressed(string value) => string.Concat(value.Select(c => c is > ' ' and <= '~' and not '#' ? $"{c}" : Uri.HexEscape(c > 255 ? '?' : c)));

    private Gen<byte[]?> Bodies(string method) => method is "GET" or "HEAD" or "DELETE" or "TRACE" or "CONNECT"
        ? Gen.Frequency((9, Gen.Constant<byte[]?>(null)), (1, HostileJson.Bodies(BodyType).Select(body => (byte[]?)body)))
        : Gen.Frequency(
            (1, Gen.Constant<byte[]?>(null)),
            (IsDrive ? 2 : 9, HostileJson.Bodies(BodyType).Select(body => (byte[]?)body)),
            (IsDrive ? 9 : 1, HostileUploads.Bodies.Select(body => (byte[]?)body)));

    private static List<(string Name, string Value)> Typed(List<(string Name, string Value)> headers, byte[]? body, string type) =>
        body is null || type.Length == 0 || headers.Any(header => header.Name == "Content-Type") ? headers : [.. headers, ("Content-Type", type)];
}
