using EventSourcedStreams.Audit.Copy;
using EventSourcedStreams.Audit.Export;
using EventSourcedStreams.Audit.Import;
using EventSourcedStreams.Audit.List;
using EventSourcedStreams.Audit.Stores;
using EventSourcedStreams.Audit.Terminal;
using EventSourcedStreams.Domain;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.Testing;
using EventSourcedStreams.TestKit;
using static EventSourcedStreams.TestKit.Scenario;

namespace EventSourcedStreams.Audit.Tests;

/// <summary>A log elsewhere that does not always answer.</summary>
public sealed class FaultyTargetTests : IAsyncLifetime
{
    private static readonly ListFilter Any = ListFilter.Parse(null, [], null, null, null);

    private readonly TempFolder folder = new();
    private readonly InMemoryStore memory = new(TimeProvider.System);
    private readonly ManualTime time = new();
    private readonly AuditContext context = new(new AuditConsole(TextWriter.Null, TextWriter.Null), TimeProvider.System);
    private FaultyEventStore faulty = null!;
    private Store source = null!;

    public async Task InitializeAsync()
    {
        await using (var log = await folder.OpenLogAsync())
        {
            await new StreamsOfEveryKind(5).WriteAsync(log, 30);
            var text = new string('x', 100_000);
            var chunks = Enumerable.Range(0, 4).Select(i => (StreamEvent)Chunk(i, i * 100_000, text)).ToArray();
            await log.WriteAsync("large", [Created("large"), Started(), .. chunks]);
            var tail = new Append(
                new AppendId(Guid.NewGuid()), new StreamId("large"), await HeadAsync(log), [Chunk(4, 400_000, text), Chunk(5, 500_000, text), Completed(600_000, 6)],
                new EventContext(Node, 1, "alice"));
            await log.AppendAsync("text-large", ExpectedRevision.Exactly(tail.Expected.Revision), StreamCodec.Encode(tail).Events, default);
        }

        source = await Store.OpenAsync(StoreLocation.Parse(folder.Path), StreamPrefix.Default, context, default);
        faulty = new FaultyEventStore(new InMemoryEventStore(memory), time);
    }

    public async Task DisposeAsync()
    {
        await source.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Broken_off_at_each_append_in_turn_the_next_run_goes_on_and_nothing_is_doubled()
    {
        for (var broken = 1; ; broken++)
        {
            var appends = 0;
            faulty.OnAppend = (_, _) =>
            {
                // Also those that are made while it breaks off.
                if (Interlocked.Increment(ref appends) >= 2) throw new IOException("The connection was cut.");
            };
            try
            {
                (await CopyAsync()).HasFindings.Should().BeFalse();
                broken.Should().BeGreaterThan(5);
                break;
            }
            catch (IOException)
            {
                broken.Should().BeLessThan(100);
            }
        }

        (await ExportOfTargetAsync()).Should().Equal(await folder.ExportedBytesAsync());
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_made_again_and_known()
    {
        faulty.LoseAnswers();
        var copying = CopyAsync();
        await Eventually.UntilAsync("an append waits for its answer", () => faulty.Appends > 0);
        faulty.ComeBack();
        await AdvanceUntilAsync(copying);

        (await copying).HasFindings.Should().BeFalse();
        (await ExportOfTargetAsync()).Should().Equal(await folder.ExportedBytesAsync());
    }

    [Fact]
    public async Task A_log_that_stays_away_is_given_up_with_what_to_do()
    {
        faulty.LoseAnswers();
        var copying = CopyAsync();
        await Eventually.UntilAsync("an append waits for its answer", () => faulty.Appends > 0);
        await AdvanceUntilAsync(copying);

        (await copying.Awaiting(c => c).Should().ThrowAsync<AuditException>()).WithMessage("*same command again goes on*");
    }

    [Fact]
    public async Task An_append_stays_under_one_mebibyte_and_a_text_is_divided()
    {
        var sizes = new List<(string Stream, int Bytes)>();
        faulty.OnAppend = (stream, events) =>
        {
            lock (sizes) sizes.Add((stream, events.Sum(e => e.Data.Length + e.Metadata.Length)));
        };

        await CopyAsync();

        sizes.Should().OnlyContain(s => s.Bytes <= 512 << 10);
        sizes.Count(s => s.Stream == "text-large").Should().Be(2);
    }

    [Fact]
    public async Task An_import_goes_stream_by_stream_and_the_next_one_goes_on()
    {
        using var files = new TempFolder();
        var import = new FileImport(await folder.ExportAsync(files), StreamPrefix.Default);
        await import.CheckAsync(Advance.None, default);
        var appends = 0;
        faulty.OnAppend = (_, _) =>
        {
            if (++appends == 9) throw new IOException("The connection was cut.");
        };
        await this.Awaiting(_ => ImportAsync()).Should().ThrowAsync<IOException>();
        var (first, second) = (await StreamsInTargetAsync(), await ImportAsync());

        first.Should().BeInRange(1, 30);
        second.HasFindings.Should().BeFalse();
        (await ExportOfTargetAsync()).Should().Equal(await folder.ExportedBytesAsync());

        async Task<CopyReport> ImportAsync()
        {
            var report = Report();
            await import.RunAsync(new LogTarget(faulty, time), deletions: false, report, Advance.None, default);
            return report;
        }
    }

    [Fact]
    public async Task Somebody_who_writes_to_the_stream_meanwhile_is_a_conflict()
    {
        var first = true;
        faulty.OnAppend = (stream, events) =>
        {
            if (stream != "text-large" || !first) return;
            first = false;
            _ = new InMemoryEventStore(memory).AppendAsync(
                stream, ExpectedRevision.Any, [new NewEvent(new EventId(Guid.NewGuid()), "T", "x", default, default)], default);
        };

        (await CopyAsync()).HasFindings.Should().BeTrue();
    }

    private static async Task<StreamHead> HeadAsync(SqliteEventStore log)
    {
        var read = (StoreRead.Page)await log.ReadAsync("text-large", long.MaxValue, forward: false, 1, ReadFrom.Leader, default);
        var (hash, _) = EventMetadata.ReadHash(read.Events[0].Metadata);
        return new StreamHead(Revision.From(read.Events[0].Revision), hash);
    }

    private CopyReport Report() => new(context.Console, json: false);

    private async Task<CopyReport> CopyAsync()
    {
        var report = Report();
        await new StreamCopier(source, new LogTarget(faulty, time), new CopyChoice([], Any, Running: true, Deletions: false), report)
            .RunAsync(Advance.None, default);
        return report;
    }

    private Store Target() =>
        Store.Over(new StoreLocation.EventStoreDb("esdb://elsewhere"), StreamPrefix.Default, new InMemoryEventStore(memory));

    private async Task<int> StreamsInTargetAsync() => await Target().StreamsAsync(default).CountAsync();

    private async Task<byte[]> ExportOfTargetAsync()
    {
        using var bytes = new MemoryStream();
        using var writer = new ExportWriter(line => bytes.Write(line));
        await new StreamExport(Target(), new ExportChoice([], Running: true, Damaged: false), writer).RunAsync(Advance.None, default);
        return bytes.ToArray();
    }

    private async Task AdvanceUntilAsync(Task done)
    {
        await Eventually.UntilAsync("it is done", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return done.IsCompleted;
        });
    }
}
