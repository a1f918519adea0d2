using System.Diagnostics.Metrics;
using EventSourcedStreams.AspNetCore.Tests.Acceptance;
using EventSourcedStreams.AspNetCore.Tests.Hosting;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore.Tests.Telemetry;

/// <summary>An app that embeds the library gets the same, by one name and without a package of
/// OpenTelemetry's.</summary>
public sealed class OwnAppTelemetryTests
{
    [Fact]
    public async Task Its_meter_counts_its_streams_and_its_spans_are_there()
    {
        using var spans = new RecordedSpans();
        await using var app = await OwnApp.StartAsync(builder => builder.Services.AddTextStreams()
            .AddSource("poet", async (_, append, _) => await append("Roses are red."), clients: true));
        var counted = 0L;
        var meter = app.Services.GetRequiredService<IMeterFactory>().Create(TextStreamsTelemetry.Name);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Meter == meter && instrument.Name == "textstreams.usage.text") to.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => Interlocked.Add(ref counted, bytes));
        listener.Start();
        var id = await app.Client.CreateAsync(new { source = "poet" });
        using var driver = await app.Client.DriveAsync(id);
        await driver.Content.ReadAsStringAsync();

        Interlocked.Read(ref counted).Should().Be(14);
        (await spans.EndedAsync(new StreamId(id), "drive")).GetTagItem("stream.status").Should().Be("done");
    }

    [Fact]
    public void Neither_the_core_nor_what_goes_into_an_app_knows_OpenTelemetry()
    {
        foreach (var assembly in new[] { typeof(StreamId).Assembly, typeof(TextStreams).Assembly })
            assembly.GetReferencedAssemblies().Should().NotContain(reference => reference.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }
}
