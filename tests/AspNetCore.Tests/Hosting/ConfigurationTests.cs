using Microsoft.Extensions.Configuration;

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
        });

        options.Errors().Should().BeEmpty();
        options.Embedded.Path.Should().Be("/somewhere");
        options.Streams.FlushInterval.Should().Be(TimeSpan.FromMilliseconds(50));
        options.Streams.Retention.Should().Be(TimeSpan.FromDays(30));
        options.Streams.MaxLength.Should().Be(1000);
        options.OpenAI.Model.Should().Be("a-model");
    }

    [Theory]
    [InlineData("Streams:FlushInterval", "abc")]
    [InlineData("Streams:MaxLength", "many")]
    [InlineData("Streams:FlushIntervall", "00:00:01")]
    [InlineData("Embedded:Folder", "x")]
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
    public void There_is_no_embedded_log_to_be_served_where_the_log_is_on_a_server() =>
        Read(new() { ["EventStore:ConnectionString"] = "esdb://127.0.0.1:2113?tls=false", ["Embedded:GrpcPort"] = "2114" }).Errors()
            .Should().ContainSingle().Which.Should().StartWith("Embedded:GrpcPort:");

    private static TextStreamsOptions Read(Dictionary<string, string?> values)
    {
        var options = new TextStreamsOptions();
        options.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return options;
    }
}
