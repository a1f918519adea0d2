using EventSourcedStreams.EmbeddedCrash;
using EventSourcedStreams.Sqlite;
using EventSourcedStreams.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>Wherever bringing a folder up to date is cut short, it is in the old form or in the new one, and the next
/// start goes on.</summary>
public sealed class MigrationFaultTests : IDisposable
{
    private readonly TemporaryFolder original = new(), current = new();
    private readonly string oldForm, newForm, rows;

    public MigrationFaultTests()
    {
        OldFolder.Write86f4349(original.Path);
        OldFolder.Write86f4349(current.Path);
        Update(current);
        (oldForm, newForm) = (Schemas.Of(original.Database), Schemas.Of(current.Database));
        rows = Rows(current);
    }

    public void Dispose()
    {
        original.Dispose();
        current.Dispose();
    }

    [UnixFact]
    public void A_disk_that_is_full_at_any_write_leaves_the_old_form_or_the_new_one() => AtEveryChange(DiskFault.Full);

    [UnixFact]
    public void A_process_that_stops_at_any_write_leaves_the_old_form_or_the_new_one() => AtEveryChange(DiskFault.Stopped);

    [UnixFact]
    public async Task Kill_9_at_any_write_leaves_the_old_form_or_the_new_one()
    {
        var (forms, isCurrent) = (new HashSet<string>(), false);
        for (var at = 1; !isCurrent; at += 3)
        {
            using var folder = new TemporaryFolder();
            OldFolder.Write86f4349(folder.Path);
            isCurrent = await LogProcess.RunAsync("update", folder.Path, $"{at}") == "current";
            forms.Add(RequireWhole(folder, $"killed at change {at}"));
        }

        forms.Should().BeEquivalentTo([oldForm, newForm]);
    }

    [RootFact]
    public async Task A_disk_without_room_is_told_in_words_and_the_next_start_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var disk = Mount.SmallDisk(folder.Path, "840k");
        OldFolder.Write86f4349(folder.Path);

        (await this.Awaiting(_ => folder.OpenAsync()).Should().ThrowAsync<SqliteEventStoreRefusedException>())
            .WithMessage("*from schema 1 to 2*full*Make room*");
        disk.Resize("4m");

        Schemas.Of(folder.Database).Should().Be(oldForm);
        await using (await folder.OpenAsync()) { }
        Schemas.Of(folder.Database).Should().Be(newForm);
    }

    private void AtEveryChange(DiskFault fault)
    {
        var (forms, changes) = (new HashSet<string>(), 0);
        for (var hasStruck = true; hasStruck;)
        {
            using var folder = new TemporaryFolder();
            OldFolder.Write86f4349(folder.Path);
            using (var faults = DiskFaults.OnThisThread(fault, ++changes))
            {
                try
                {
                    Update(folder);
                }
                catch (Exception e) when (e is SqliteEventStoreRefusedException or DatabaseException)
                {
                    // Both are told to the operator that starts the server.
                }

                hasStruck = faults.HasStruck;
            }

            forms.Add(RequireWhole(folder, $"{fault} at change {changes}"));
        }

        changes.Should().BeGreaterThan(20);
        forms.Should().BeEquivalentTo([oldForm, newForm]);
    }

    /// <returns>The form in which it was found.</returns>
    private string RequireWhole(TemporaryFolder folder, string why)
    {
        var form = Schemas.Of(folder.Database);
        form.Should().Match(found => found == oldForm || found == newForm, why);
        Rows(folder).Should().Be(rows, why);
        using (var database = Database.Open(folder.Database, TimeSpan.FromSeconds(1)))
        using (var check = database.Prepare("PRAGMA integrity_check"))
        {
            check.Step().Should().BeTrue();
            check.Text(0).Should().Be("ok", why);
        }

        Update(folder);
        Schemas.Of(folder.Database).Should().Be(newForm, why);
        return form;
    }

    private static void Update(TemporaryFolder folder)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(1));
        Schema.Prepare(database, folder.Database, Schema.Steps, NullLogger.Instance);
    }

    /// <summary>What every row says, whatever form it has.</summary>
    private static string Rows(TemporaryFolder folder)
    {
        using var database = Database.Open(folder.Database, TimeSpan.FromSeconds(1));
        using var all = database.Prepare("""
            SELECT group_concat(position || ' ' || stream || ' ' || revision || ' ' || hex(id) || ' ' || type || ' ' || hex(data) || ' ' || hex(metadata))
            FROM (SELECT * FROM log ORDER BY position)
            """);
        all.Step().Should().BeTrue();
        return all.Text(0);
    }
}
