namespace EventSourcedStreams.Domain;

/// <summary>What the values of an enum are called where they are stored or sent. The names are written out, so that
/// they stay when a value is renamed.</summary>
internal sealed class NameTable<T>(params (T Value, string Name)[] rows) where T : struct, Enum
{
    /// <exception cref="ArgumentOutOfRangeException">It is no value of the enum.</exception>
    public string NameOf(T value)
    {
        foreach (var row in rows)
            if (EqualityComparer<T>.Default.Equals(row.Value, value)) return row.Name;
        throw new ArgumentOutOfRangeException(nameof(value), value, $"No {typeof(T).Name}.");
    }

    /// <summary>Null: no value has this name.</summary>
    public T? Parse(string? name)
    {
        foreach (var row in rows)
            if (row.Name == name) return row.Value;
        return null;
    }
}
