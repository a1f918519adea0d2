using EventSourcedStreams.OpenAI;
using EventSourcedStreams.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public void What_is_not_configured_has_its_default_and_is_valid() => Read([]).Errors().Should().BeEmpty();

    [Fact]
    public void Values_are_read_from_their_keys()
    {
        var options = Read(new()
        {
            ["Embedded:Path"] = "/somewhere",
            ["Streams:FlushInterval"] = "00:00:00.050",
            ["Streams:Retention"] = "30.00:00:00",
            ["streams:maxlength"] = "1000",
            ["OpenAI:Model"] = "a-model",
            ["OpenAI:Headers:api-key"] = "a-key",
            ["OpenAI:Query:api-version"] = "2024-10-21",
            ["OpenAI:TotalTimeout"] = "00:10:00",
            ["OpenAI:Providers:local:BaseUrl"] = "http://127.0.0.1:8080/v1",
            ["OpenAI:Providers:local:FirstTokenTimeout"] = "00:01:00",
        });

        options.Errors().Should().BeEmpty();
        options.Embedded.Path.Should().Be("/somewhere");
        options.Streams.FlushInterval.Should().Be(TimeSpan.FromMilliseconds(50));
        options.Streams.Retention.Should().Be(TimeSpan.FromDays(30));
        options.Streams.MaxLength.Should().Be(1000);
        options.OpenAI.Model.Should().Be("a-model");
        options.OpenAI.Headers.Should().Contain("API-KEY", "a-key");
        options.OpenAI.Query.Should().Contain("api-version", "2024-10-21");
        options.OpenAI.TotalTimeout.Should().Be(TimeSpan.FromMinutes(10));
        options.OpenAI.Providers["LOCAL"].BaseUrl.Should().Be("http://127.0.0.1:8080/v1");
        options.OpenAI.Providers["local"].FirstTokenTimeout.Should().Be(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("Streams:FlushInterval", "abc")]
    [InlineData("Streams:MaxLength", "many")]
    [InlineData("Streams:FlushIntervall", "00:00:01")]
    [InlineData("Embedded:Folder", "x")]
    [InlineData("OpenAI:Providers:local:BaseUri", "http://127.0.0.1:8080/v1")]
    [InlineData("OpenAI:TotalTimeout", "soon")]
    public void What_cannot_be_read_is_an_error_that_names_its_key(string key, string value) =>
        FluentActions.Invoking(() => Read(new() { [key] = value })).Should().Throw<InvalidOperationException>().WithMessage($"*{key}*");

    [Theory]
    [InlineData("Streams:FlushInterval", "00:00:00")]
    [InlineData("Streams:FlushInterval", "00:02:00")]
    [InlineData("Streams:IdleTimeout", "00:00:04")]
    [InlineData("Streams:SweepInterval", "00:00:00")]
    [InlineData("Streams:PendingTimeout", "-00:00:01")]
    [InlineData("Streams:Retention", "-00:00:01")]
    [InlineData("Streams:MaxLength", "0")]
    [InlineData("Streams:UnsavedLimit", "1")]
    [InlineData("Streams:OutageLimit", "00:00:00")]
    [InlineData("Streams:Prefix", "text")]
    [InlineData("Streams:Prefix", "te-xt-")]
    [InlineData("Streams:Node", "a name")]
    [InlineData("Embedded:Path", " ")]
    [InlineData("Embedded:GrpcPort", "-1")]
    [InlineData("Embedded:GrpcPort", "65536")]
    [InlineData("EventStore:ConnectionString", "")]
    [InlineData("EventStore:ConnectionString", "127.0.0.1:2113")]
    [InlineData("EventStore:CachePath", " ")]
    [InlineData("Cors:Origins", "https://app.example.com/")]
    [InlineData("Cors:Origins:0", "app.example.com")]
    public void What_is_out_of_range_is_an_error_that_names_its_key(string key, string value) =>
        Read(new() { [key] = value }).Errors().Should().ContainSingle().Which.Should().StartWith(key.Replace(":0", "", StringComparison.Ordinal) + ":");

    [Theory]
    [InlineData("Cors:Origins")]
    [InlineData("Cors:Origins:0", "Cors:Origins:1")]
    public void Origins_are_a_list_or_one_text_with_commas(params string[] keys)
    {
        string[] origins = ["https://a.example.com", "http://localhost:5173"];
        var options = Read(keys.Zip(keys.Length == 1 ? [string.Join(", ", origins)] : origins).ToDictionary(pair => pair.First, string? (pair) => pair.Second));

        options.Errors().Should().BeEmpty();
        options.Cors.Origins.Should().Equal(origins);
    }

    [Fact]
    public void A_log_on_a_server_is_named_by_its_connection_string()
    {
        var options = Read(new() { ["EventStore:ConnectionString"] = "kurrentdb://127.0.0.1:2113?tls=false", ["EventStore:CachePath"] = "/cache" });

        options.Errors().Should().BeEmpty();
        options.EventStore.CachePath.Should().Be("/cache");
    }

    [Fact]
    public void A_password_that_makes_a_connection_string_unreadable_is_not_shown() =>
        Read(new() { ["EventStore:ConnectionString"] = "esdb://admin:s3cret:x@127.0.0.1" }).Errors()
            .Should().ContainSingle().Which.Should().StartWith("EventStore:ConnectionString:").And.NotContain("s3cret");

    [Fact]
    public async Task There_is_no_embedded_log_to_be_served_where_the_log_is_on_a_server() =>
        (await Read(new() { ["EventStore:ConnectionString"] = "esdb://127.0.0.1:2113?tls=false", ["Embedded:GrpcPort"] = "2114" }).StartErrorsAsync())
            .Should().ContainSingle().Which.Should().StartWith("Embedded:GrpcPort:");

    /// <summary>As the ready-made host reads it.</summary>
    private static Settings Read(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddReadyMadeStreams(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var settings = new Settings(services.BuildServiceProvider());
        settings.Errors(); // what cannot be read is an exception at once
        return settings;
    }

    private sealed class Settings(ServiceProvider provider)
    {
        public TextStreamsOptions.EmbeddedSection Embedded => Of<TextStreamsOptions>().Embedded;

        public TextStreamsOptions.StreamsSection Streams => Of<TextStreamsOptions>().Streams;

        public TextStreamsOptions.CorsSection Cors => Of<TextStreamsOptions>().Cors;

        public EventStoreOptions EventStore => Of<EventStoreOptions>();

        public OpenAIOptions OpenAI => Of<OpenAIOptions>();

        public IReadOnlyList<string> Errors() =>
            [.. ErrorsOf<TextStreamsOptions>(), .. ErrorsOf<EventStoreOptions>(), .. ErrorsOf<OpenAIOptions>()];

        /// <summary>What keeps an app from starting, though each value is right.</summary>
        public async Task<IReadOnlyList<string>> StartErrorsAsync()
        {
            var host = provider.GetServices<IHostedService>().OfType<StreamEngineHost>().Single();
            var thrown = await host.Awaiting(starting => starting.StartingAsync(default)).Should().ThrowAsync<OptionsValidationException>();
            return [.. thrown.Which.Failures];
        }

        private T Of<T>() where T : class => provider.GetRequiredService<IOptions<T>>().Value;

        private IEnumerable<string> ErrorsOf<T>() where T : class
        {
            try
            {
                Of<T>();
                return [];
            }
            catch (OptionsValidationException e)
            {
                return e.Failures;
            }
        }
    }
}
