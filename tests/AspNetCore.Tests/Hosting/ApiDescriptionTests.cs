using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>What <c>/openapi/v1.json</c> says of events, problems and headers.</summary>
public sealed class ApiDescriptionTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private HostedApp app = null!;
    private JsonElement document;

    public async Task InitializeAsync()
    {
        app = await HostedApp.StartAsync(new Dictionary<string, string?> { ["Embedded:Path"] = folder.Path });
        document = await app.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public void Every_problem_has_its_schema_with_what_it_may_leave_out()
    {
        var problems = Responses().Where(response => response.Status[0] is '4' or '5').ToList();

        problems.Should().HaveCountGreaterThan(30);
        foreach (var (operation, status, response) in problems)
        {
            var schema = Resolve(response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema"));
            Names(schema.GetProperty("properties")).Should().Equal(["type", "title", "status", "detail", "field", "streamStatus"], "{0} {1}", operation, status);
            Required(schema).Should().Equal("type", "title", "status", "detail");
        }
    }

    [Theory]
    [InlineData("/v1/streams/{id}/events", "get", "status|offset,text,chars|part,kind,offset,of,name,callId,mediaType,encoding,detail|part,offset,text|part,length,detail,error|status,revision,length,finishReason,usage,error,chars")]
    [InlineData("/v1/streams/{id}/drive", "post", "text|part,kind,offset,of,name,callId,mediaType,encoding,detail|part,offset,text|part,length,detail,error|revision,length,chars,parts|status,length,revision,finishReason,usage,error,chars")]
    [InlineData("/v1/streams/-/follow", "post", "cursor,status,stream|cursor,offset,text,chars,stream|cursor,part,kind,offset,of,name,callId,mediaType,encoding,detail,stream|cursor,part,offset,text,stream|cursor,part,length,detail,error,stream|status,cursor,revision,length,finishReason,usage,error,chars,stream|cursor,stream|problem,retryAfterSeconds,stream")]
    public void Events_have_schemas(string path, string method, string expected)
    {
        var schema = Resolve(Response(path, method, "200").GetProperty("content").GetProperty("text/event-stream").GetProperty("schema"));
        var events = schema.GetProperty("anyOf").EnumerateArray().Select(Resolve).ToList();

        string.Join('|', events.Select(each => string.Join(',', Names(each.GetProperty("properties"))))).Should().Be(expected);
        schema.TryGetProperty("discriminator", out _).Should().BeFalse();
        events.Should().AllSatisfy(each => each.GetProperty("description").GetString().Should().StartWith("event: "));
        Required(events[^1]).Should().NotContain(["finishReason", "usage", "error", "revision"]);
    }

    [Theory]
    [InlineData("/v1/streams", "post", "201", "ETag,Location")]
    [InlineData("/v1/streams", "post", "200", "ETag")]
    [InlineData("/v1/streams", "post", "503", "Retry-After")]
    [InlineData("/v1/streams/{id}", "get", "200", "ETag")]
    [InlineData("/v1/streams/{id}", "get", "304", "ETag")]
    [InlineData("/v1/streams/{id}/text", "get", "206", "Accept-Ranges,Content-Range,ETag")]
    [InlineData("/v1/streams/{id}/parts/{part}", "get", "206", "Accept-Ranges,Content-Disposition,Content-Range,ETag")]
    [InlineData("/v1/streams/{id}/drive", "post", "200", "Cache-Control,X-Accel-Buffering,X-Stream-Id")]
    [InlineData("/v1/streams/{id}/drive", "post", "409", "Link")]
    [InlineData("/v1/streams/{id}/events", "get", "200", "Cache-Control,X-Accel-Buffering,X-Stream-Id")]
    public void Headers_are_described(string path, string method, string status, string expected)
    {
        var headers = Response(path, method, status).GetProperty("headers");

        string.Join(',', Names(headers).Order(StringComparer.Ordinal)).Should().Be(expected);
        headers.EnumerateObject().Should().AllSatisfy(header =>
        {
            header.Value.GetProperty("description").GetString().Should().NotBeNullOrEmpty();
            header.Value.GetProperty("schema").TryGetProperty("type", out _).Should().BeTrue();
        });
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = References(document).ToList();

        references.Should().NotBeEmpty();
        references.Should().AllSatisfy(reference => Find(reference).ValueKind.Should().Be(JsonValueKind.Object, reference));
    }

    [Fact]
    public void Nothing_is_told_apart_by_a_property_that_is_not_sent() => document.GetRawText().Should().NotContain("$type");

    [Fact]
    public void What_a_list_and_a_creation_take_is_described()
    {
        var list = document.GetProperty("paths").GetProperty("/v1/streams").GetProperty("get").GetProperty("parameters");
        list.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString())
            .Should().BeEquivalentTo("status", "label", "q", "from", "to", "source", "count", "limit", "cursor", "wait", "position");
        Names(Find("#/components/schemas/CreateBody").GetProperty("properties")).Should().Contain(["maxDurationSeconds", "onDisconnect"]);
        Names(Find("#/components/schemas/StreamView").GetProperty("properties")).Should().Contain(["finishReason", "usage", "title", "content"]);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private static IEnumerable<string?> Required(JsonElement schema) => schema.GetProperty("required").EnumerateArray().Select(name => name.GetString());

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private IEnumerable<(string Operation, string Status, JsonElement Response)> Responses() =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        from response in method.Value.GetProperty("responses").EnumerateObject()
        select ($"{method.Name} {path.Name}", response.Name, response.Value);

    private JsonElement Response(string path, string method, string status) =>
        document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty(status);

    private JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference) ? Find(reference.GetString()!) : schema;

    private JsonElement Find(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (element, name) => element.TryGetProperty(name, out var next) ? next : default);
}
