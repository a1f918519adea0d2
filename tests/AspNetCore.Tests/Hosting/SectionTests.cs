using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>One section is ours; what stands beside it is the app's, whatever it is called.</summary>
public sealed class SectionTests
{
    private static readonly (string Key, string Value)[] Strangers =
    [
        ("OpenAI:Deployment", "of-the-app"), ("OpenAI:ApiKey", "white space "), ("Streams:Rooms:0", "hall"), ("Streams:FlushInterval", "never"),
        ("EventStore:ConnectionString", "nonsense"), ("Embedded", "yes"), ("Cors:Anything", "goes"), ("Embedded:GrpcPort", "99999"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sections_of_the_apps_own_are_neither_read_nor_an_error(bool isGivenAll)
    {
        await using var app = await OwnApp.StartAsync(
            builder =>
            {
                var streams = isGivenAll ? builder.Services.AddTextStreams(builder.Configuration) : builder.Services.AddTextStreams();
                streams.AddDemo().AddOpenAI();
            },
            settings: [.. Strangers, ("TextStreams:Streams:MaxLength", "1234")]);

        await app.Client.CreateAsync(new { source = "demo" });
        app.Services.GetRequiredService<IOptions<TextStreamsOptions>>().Value.Streams.MaxLength.Should().Be(1234);
        Directory.EnumerateFiles(app.Folder).Should().NotBeEmpty("the log lies where our section says");
    }

    [Fact]
    public async Task Any_section_of_the_apps_can_be_ours_and_code_has_the_last_word()
    {
        await using var app = await OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams(
                builder.Configuration.GetSection("Chat:Answers"), options => options.Streams.MaxLength++).AddOpenAI(openAI => openAI.Model += "!"),
            settings:
            [
                .. Strangers, ("TextStreams:Whatever", "is not ours now"), ("Chat:Answers:Embedded:Path", Directory.CreateTempSubdirectory().FullName),
                ("Chat:Answers:Streams:MaxLength", "1000"), ("Chat:Answers:OpenAI:Model", "small"), ("Chat:Title", "not ours"),
            ]);

        app.Services.GetRequiredService<IOptions<TextStreamsOptions>>().Value.Streams.MaxLength.Should().Be(1001);
        app.Services.GetRequiredService<IOptions<OpenAI.OpenAIOptions>>().Value.Model.Should().Be("small!");
        Directory.EnumerateFiles(app.Folder).Should().BeEmpty();
    }

    [Theory]
    [InlineData("TextStreams:Streamz:MaxLength", "TextStreams:Streamz", "Streams")]
    [InlineData("TextStreams:MaxLength", "TextStreams:MaxLength", "Streams")]
    [InlineData("TextStreams:Streams:FlushIntervall", "TextStreams:Streams:FlushIntervall", "FlushInterval")]
    [InlineData("TextStreams:Streams:MaxLength:Chars", "TextStreams:Streams:MaxLength:Chars", "single value")]
    [InlineData("TextStreams:Embedded:Folder", "TextStreams:Embedded:Folder", "Path")]
    [InlineData("TextStreams:OpenAI:ApiKey", "TextStreams:OpenAI", ".AddOpenAI()")]
    [InlineData("TextStreams:EventStore:ConnectionString", "TextStreams:EventStore", "EventSourcedStreams.EventStoreDb")]
    [InlineData("TextStreams:Embedded:GrpcPort", "TextStreams:Embedded:GrpcPort", "ready-made host")]
    public async Task A_key_of_ours_that_nothing_reads_keeps_the_app_from_starting_and_is_named(string key, string named, string remedy)
    {
        var starting = () => OwnApp.StartAsync(builder => builder.Services.AddTextStreams(), settings: (key, "2"));

        (await starting.Should().ThrowAsync<Exception>()).Which.Message.Should().StartWith(named).And.Contain(remedy);
    }

    [Fact]
    public async Task A_misspelt_key_in_another_section_is_told_with_the_name_of_that_section()
    {
        var starting = () => OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams(builder.Configuration.GetSection("Chat:Streams")), settings: ("Chat:Streams:Embeded:Path", "x"));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should()
            .StartWith("Chat:Streams:Embeded: there is no such key; in Chat:Streams there are Embedded, Streams");
    }

    [Theory]
    [InlineData("TextStreams:OpenAI:Modell", "TextStreams:OpenAI:Modell")]
    [InlineData("TextStreams:EventStore:Connection", "TextStreams:EventStore:Connection")]
    public async Task A_packages_section_is_as_strict(string key, string named)
    {
        var starting = () => OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams().AddOpenAI().UseEventStoreDb("esdb://127.0.0.1:2113?tls=false"), settings: (key, "2"));

        (await starting.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().StartWith(named);
    }

    [Fact]
    public async Task A_value_out_of_range_is_named_as_it_is_called_in_the_app()
    {
        var starting = () => OwnApp.StartAsync(
            builder => builder.Services.AddTextStreams(options => options.Streams.IdleTimeout = TimeSpan.Zero),
            settings: ("TextStreams:Streams:MaxLength", "0"));

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().SatisfyRespectively(
            idle => idle.Should().StartWith("TextStreams:Streams:IdleTimeout: "), length => length.Should().StartWith("TextStreams:Streams:MaxLength: "));
    }
}
