
namespace EventSourcedStreams.Sqlite;

/// <summary>A stream's name by its number, where one of the three places that know it is damaged: what two of them say.
/// Reads whole tables.</summary>
internal sealed class NameVotes(Database database)
{
    private readonly Statement[] places =
    [
        database.Prepare("SELECT name FROM streams NOT INDEXED WHERE id = ?1"),
        database.Prepare("SELECT name FROM names WHERE stream = ?1"),
        database.Prepare("SELECT name FROM streams INDEXED BY streams_by_name WHERE name > '' AND +id = ?1"),
    ];

    /// <returns>Null: no two places say the same.</returns>
    public string? Find(long id) => places
        .Select(place => Find(place, id)).OfType<string>()
        .GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;

    private static string? Find(Statement place, long id)
    {
        try
        {
            return place.Bind(1, id).Step() ? place.Text(0) : null;
        }
        catch (DatabaseException e) when (e.IsDamage)
        {
            return null;
        }
        finally
        {
            place.Reset();
        }
    }
}
