using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>What an app may add, twice or in another's place, and which of it clients may name.</summary>
public sealed class RegistrationTests
{
    private static readonly Func<SourceRequest, AppendText, CancellationToken, Task> Poet = async (_, append, _) => await append("Roses.");

    [Fact]
    public async Task Added_twice_everything_is_there_once()
    {
        await using var app = await OwnApp.StartAsync(builder =>
        {
            builder.Services.AddTextStreams().AddUpload().AddSource("poet", Poet, clients: true).AddSource<TypedSource>().OnEnded<NoHandler>();
            builder.Services.AddTextStreams(options => options.Streams.MaxLength = 1000)
                .AddUpload().AddSource("poet", Poet).AddSource<TypedSource>(clients: true).OnEnded<NoHandler>();
        });

        app.Services.GetServices<IHostedService>().OfType<StreamEngineHost>().Should().ContainSingle();
        app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name)
            .Should().BeEquivalentTo(EventLogHealthCheck.Name, EndedHandlersHealthCheck.Name);
        app.Services.GetRequiredService<IOptions<TextStreamsOptions>>().Value.Streams.MaxLength.Should().Be(1000);
        app.Services.GetServices<EndedHandlerRegistration>().Should().ContainSingle();
        var sources = app.Services.GetRequiredService<TextSources>();
        sources.All.Select(source => source.Name).Should().BeEquivalentTo("upload", "poet", "typed");
        sources.OpenToClients.Should().BeEquivalentTo("upload", "poet", "typed");
    }

    [Fact]
    public async Task A_source_of_the_apps_own_replaces_one_of_ours_and_its_openness_too()
    {
        await using var app = await OwnApp.StartAsync(builder => builder.Services.AddTextStreams()
            .AddSource("demo", Poet, clients: true).AddDemo(clients: false).AddUpload().AddSource("upload", Poet));

        var id = await app.Client.CreateAsync(new { source = "demo" });
        using var closed = await app.Client.PostAsJsonAsync("/v1/streams", new { source = "upload" });

        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id));
        await driver.Over;
        driver.Text.Should().Be("Roses.");
        closed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Two_sources_of_the_apps_own_with_one_name_keep_it_from_starting_and_the_error_names_it()
    {
        var starting = () => OwnApp.StartAsync(builder => builder.Services.AddTextStreams()
            .AddSource("poet", Poet).AddSource("poet", async (_, append, _) => await append("Violets.")));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).WithMessage("Two sources are named 'poet'*name of its own*");
    }

    [Fact]
    public void Mapped_without_being_added_it_says_what_is_missing()
    {
        var mapping = () => OwnApp.Build(_ => { });

        mapping.Should().Throw<InvalidOperationException>().WithMessage("*builder.Services.AddTextStreams()*");
    }

    [Fact]
    public async Task A_client_names_only_what_was_added_for_clients_and_app_code_names_all()
    {
        await using var app = await OwnApp.StartAsync(builder => builder.Services.AddTextStreams()
            .AddSource("poet", Poet).AddSource("open", Poet, clients: true).AddSource<TypedSource>());

        foreach (var name in new[] { "poet", "typed", "demo", "upload", "openai" })
        {
            using var refused = await app.Client.PostAsJsonAsync("/v1/streams", new { source = name });
            refused.StatusCode.Should().Be(HttpStatusCode.BadRequest, name);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("detail").GetString().Should().Contain("open").And.NotContain(name == "poet" ? "typed" : "poet");
        }

        using var unnamed = await app.Client.PostAsJsonAsync("/v1/streams", new { });
        unnamed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        await app.Client.CreateAsync(new { source = "open" });
        var id = await app.Services.GetRequiredService<TextStreams>().CreateAsync(new NewTextStream("poet"), default);
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id.Value));
        await driver.Over;
        driver.Text.Should().Be("Roses.");
    }

    [Theory]
    [InlineData("open", "open")]
    [InlineData("", "")]
    [InlineData("open, upload", "open,upload")]
    public async Task Configuration_narrows_what_clients_may_name(string configured, string open)
    {
        await using var app = await OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams().AddSource("open", Poet, clients: true).AddUpload(),
            settings: ("TextStreams:Streams:ClientSources", configured));

        foreach (var name in new[] { "open", "upload" })
        {
            using var answer = await app.Client.PostAsJsonAsync("/v1/streams", new { source = name });
            answer.IsSuccessStatusCode.Should().Be(open.Split(',').Contains(name), name);
        }
    }

    [Theory]
    [InlineData("TextStreams:Streams:ClientSources", "open,poet")]
    [InlineData("TextStreams:Streams:ClientSources:0", "nowhere")]
    [InlineData("TextStreams:Streams:DefaultSource", "poet")]
    public async Task Configuration_opens_nothing_that_the_app_has_not(string key, string value)
    {
        var starting = () => OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams().AddSource("open", Poet, clients: true).AddSource("poet", Poet), settings: (key, value));

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Message
            .Should().StartWith(key.Replace(":0", "", StringComparison.Ordinal)).And.Contain("open");
    }

    [Fact]
    public async Task A_store_on_a_server_has_to_be_named()
    {
        var starting = () => OwnApp.StartAsync(builder => builder.Services.AddTextStreams().UseEventStoreDb());

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().StartWith("TextStreams:EventStore:ConnectionString: ");
    }

    internal sealed class TypedSource : ITextSource
    {
        private readonly ScriptedSource script = new("typed");

        public string Name => "typed";

        public void Validate(JsonElement? input) => script.Validate(input);

        public SourceDescription Describe(JsonElement? input) => script.Describe(input);

        public Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct) => script.RunAsync(request, output, ct);
    }

    internal sealed class NoHandler : IStreamEndedHandler
    {
        public Task HandleAsync(StreamSummary stream, CancellationToken ct) => Task.CompletedTask;
    }
}
