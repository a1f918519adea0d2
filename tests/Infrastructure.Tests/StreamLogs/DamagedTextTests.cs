using EventSourcedStreams.Domain;
using EventSourcedStreams.Infrastructure.Tests.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.EventLogs;

/// <summary>Bytes overwritten anywhere in a copied database: a text reads as it was written, or as an error that names
/// it.</summary>
public sealed class DamagedTextTests
{
    private const int Streams = 10;
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task At_a_thousand_places_no_damage_reads_as_other_text()
    {
        using var copies = new DamagedCopies();
        await copies.WriteAsync(async bytes => await WriteAsync(await OpenAsync(bytes)));
        int unopened = 0, damaged = 0, right = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var at = seed;
            if (!await copies.TryAsync(10_000 + seed, async bytes =>
            {
                StreamLog log;
                try
                {
                    log = await OpenAsync(bytes);
                }
                catch (Exception e) when (e is LogDamagedException or LogUnavailableException)
                {
                    unopened++;
                    return;
                }

                for (var s = 0; s < Streams; s++)
                {
                    if (await ReadsRightAsync(log, s, at)) right++;
                    else damaged++;
                }
            })) unopened++;
        }

        // If no trial met anything, or none was read, the trials would prove nothing.
        unopened.Should().BeInRange(1, 300);
        damaged.Should().BeGreaterThan(200);
        right.Should().BeGreaterThan(5000);
    }

    private static Task<StreamLog> OpenAsync(IEventStore bytes) =>
        StreamLog.OpenAsync(bytes, StreamPrefix.Default, Guid.NewGuid, TimeProvider.System, Texts.Node, CancellationToken.None);

    private static string Piece(int stream, int chunk) => $"Stream {stream} says its sentence number {chunk}, größer 日本語 😀. ";

    private static int Chunks(int stream) => 1 + (stream * 17);

    /// <summary>Every other stream has its ending; the rest look live.</summary>
    private static bool IsEnded(int stream) => stream % 2 == 0;

    private static async Task WriteAsync(StreamLog log)
    {
        for (var s = 0; s < Streams; s++)
        {
            var text = new Texts(new StreamId($"s{s}"), Noon);
            await text.AppendedAsync(log, text.Created);
            await text.AppendedAsync(log, text.Started);
            for (var chunk = 0; chunk < Chunks(s); chunk++) await text.AppendedAsync(log, text.Chunk(Piece(s, chunk)));
            if (IsEnded(s)) await text.AppendedAsync(log, text.Completed);
        }
    }

    /// <returns>False: it was reported as damaged.</returns>
    private static async Task<bool> ReadsRightAsync(StreamLog log, int stream, int seed)
    {
        var id = new StreamId($"s{stream}");
        try
        {
            var body = await new StreamBodies(log).FindAsync(id, CancellationToken.None);
            body.Should().NotBeNull("seed {0}: a stream must not read as one that never was", seed);
            body!.Text.ToString().Should().Be(string.Concat(Enumerable.Range(0, Chunks(stream)).Select(c => Piece(stream, c))), "of seed {0}", seed);
            body.Summary.Status.Should().Be(IsEnded(stream) ? StreamStatus.Done : StreamStatus.Streaming, "of seed {0}", seed);
            body.Summary.CreatedAt.Should().Be(Noon, "of seed {0}", seed);
            return true;
        }
        catch (LogDamagedException e)
        {
            e.Stream.Should().EndWith(id.Value, "of seed {0}", seed);
            return false;
        }
    }
}
