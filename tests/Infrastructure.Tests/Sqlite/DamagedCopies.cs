using EventSourcedStreams.Sqlite;

namespace EventSourcedStreams.Infrastructure.Tests.Sqlite;

/// <summary>
/// A log written once, and copies of it with a few bytes overwritten at a seeded place: one trial each. What is written
/// and what must be true of a copy is the caller's, so that the same trials serve a log with a codec above it.
/// </summary>
internal sealed class DamagedCopies : IDisposable
{
    private readonly TemporaryFolder original = new();
    private byte[] bytes = [];

    public async Task WriteAsync(Func<SqliteEventStore, Task> write)
    {
        await using (var log = await original.OpenAsync()) await write(log);
        bytes = await File.ReadAllBytesAsync(original.Database);
    }

    /// <param name="read">Reads the damaged copy, and fails where it gets what is wrong. What it throws as damage is
    /// its success.</param>
    /// <returns>False where the copy was refused when it was opened.</returns>
    public async Task<bool> TryAsync(int seed, Func<SqliteEventStore, Task> read)
    {
        using var copy = new TemporaryFolder();
        await File.WriteAllBytesAsync(copy.Database, Damaged(seed));
        SqliteEventStore log;
        try
        {
            log = await copy.OpenAsync(with: o => o with { Readers = 1, IdleAfter = TimeSpan.FromMinutes(1) });
        }
        catch (SqliteEventStoreRefusedException)
        {
            return false;
        }

        await using (log) await read(log);
        return true;
    }

    public void Dispose() => original.Dispose();

    private byte[] Damaged(int seed)
    {
        var random = new Random(seed);
        var damaged = (byte[])bytes.Clone();
        var place = random.Next(bytes.Length);

        // A flipped bit, a few bytes, or a torn piece of a page.
        switch (random.Next(3))
        {
            case 0:
                damaged[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                random.NextBytes(damaged.AsSpan(place, Math.Min(1 + random.Next(8), bytes.Length - place)));
                break;
            default:
                damaged.AsSpan(place, Math.Min(512, bytes.Length - place)).Clear();
                break;
        }

        return damaged;
    }
}
