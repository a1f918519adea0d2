using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Hosting;

/// <summary>An app in its own tests: what it added stays, its log is in memory, its time is the test's.</summary>
public sealed class InMemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_apps_streams_are_kept_in_memory_and_timed_by_the_tests_clock(bool isAddedFirst)
    {
        var clock = new ManualTime();
        var source = new ScriptedSource("told");
        await using var app = await OwnApp.StartAsync(builder =>
        {
            if (isAddedFirst) builder.Services.AddInMemoryTextStreams(clock);
            builder.Services.AddTextStreams(options => options.Streams.IdleTimeout = TimeSpan.FromMinutes(1)).AddSource(source, clients: true);
            if (!isAddedFirst) builder.Services.AddInMemoryTextStreams(clock);
        });
        var id = await app.Client.CreateAsync(new { source = "told" });
        using var driver = await LiveAnswer.OfAsync(app.Client.DriveAsync(id, StreamRequests.Events));
        await source.For(new(id)).SayAsync("Said.");
        await driver.HasAsync("Said.");

        await Eventually.UntilAsync("silence ends it", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(driver.Over.IsCompleted);
        });

        driver.End.Status.Should().Be("timeout");
        (await app.Client.QueryAsync(id)).GetProperty("text").GetString().Should().Be("Said.");
        Directory.EnumerateFileSystemEntries(app.Folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_source_of_one_function_says_more_than_text()
    {
        await using var app = await OwnApp.StartAsync(builder => builder.Services.AddInMemoryTextStreams().AddPartSource("thinks", async (request, output, ct) =>
        {
            var thought = output.StartPart(new PartStart(PartKinds.Reasoning));
            await thought.AppendAsync($"Of {request.Stream}.");
            await thought.EndAsync();
            await output.AppendAsync("So it is.");
            return new SourceResult("stop");
        }));
        var streams = app.Services.GetRequiredService<TextStreams>();

        var end = await streams.RunAsync(new NewTextStream("thinks") { Id = "s" });

        end.FinishReason.Should().Be("stop");
        var body = await streams.FindAsync(new StreamId("s"));
        body!.Text.ToString().Should().Be("So it is.");
        body.Summary.Should().BeEquivalentTo(new { Parts = 1, PartBytes = 5L });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tests_source_takes_the_place_of_the_apps_of_its_name(bool isPackages)
    {
        await using var app = await OwnApp.StartAsync(builder =>
        {
            ITextStreamsBuilder own = builder.Services.AddTextStreams().AddSource("other", (request, append, ct) => append("Other."), clients: true);
            if (isPackages) own.AddPackageSource("poet", _ => Failing("poet"), clients: true);
            else builder.Services.AddTextStreams().AddSource(Failing("poet"), clients: true);
            var test = builder.Services.AddInMemoryTextStreams();
            if (isPackages) ((ITextStreamsBuilder)test).AddPackageSource("poet", _ => Told("poet", "By the test."), clients: false);
            else test.AddSource(Told("poet", "By the test."));
        });

        foreach (var (source, text) in new[] { ("poet", "By the test."), ("other", "Other.") })
        {
            var id = await app.Client.CreateAsync(new { source });
            using var driven = await app.Client.PostAsync($"/v1/streams/{id}/drive", null);
            (await driven.Content.ReadAsStringAsync()).Should().Be(text);
        }
    }

    [Fact]
    public async Task Two_sources_of_one_name_are_refused_in_a_test_too()
    {
        var starting = () => OwnApp.StartAsync(builder => builder.Services.AddInMemoryTextStreams()
            .AddSource(Told("poet", "One."))
            .AddSource(Told("poet", "Two.")));

        await starting.Should().ThrowAsync<InvalidOperationException>().WithMessage("Two sources are named 'poet': CallbackSource and CallbackSource.*");
    }

    [Fact]
    public async Task A_test_needs_no_more_than_the_store_in_memory()
    {
        await using var app = await OwnApp.StartAsync(builder => builder.Services.AddInMemoryTextStreams().AddDemo());

        var id = await app.Client.CreateAsync(new { source = "demo", input = new { text = "Short.", rate = 1000 } });
        using var driven = await app.Client.PostAsync($"/v1/streams/{id}/drive", null);

        (await driven.Content.ReadAsStringAsync()).Should().Be("Short.");
    }

    private static CallbackSource Failing(string name) => new(name, (request, append, ct) => Task.FromException(new InvalidOperationException("The app's own.")));

    private static CallbackSource Told(string name, string text) => new(name, (request, append, ct) => append(text));
}
