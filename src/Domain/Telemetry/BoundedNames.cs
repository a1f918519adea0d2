using System.Collections.Concurrent;

namespace EventSourcedStreams.Domain;

/// <summary>
/// Values of one label of a metric. Clients choose some of them, so only so many different ones are told apart; any
/// further one counts as <see cref="Other"/>.
/// </summary>
/// <param name="most">Different values, without <see cref="Other"/>.</param>
internal sealed class BoundedNames(int most)
{
    public const string Other = "other";

    /// <summary>There is none.</summary>
    public const string None = "none";

    private const int MaxChars = 64;

    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The value as its label, if it has been taken in.</summary>
    public string Find(string? value) => Clean(value) is var name && name is None ? name : known.GetValueOrDefault(name, Other);

    /// <summary>Takes a value in that has proved to be one, as long as there is room.</summary>
    public string Admit(string? value)
    {
        var name = Clean(value);
        if (name is None or Other || known.ContainsKey(name)) return name;
        if (Interlocked.Increment(ref count) > most)
        {
            Interlocked.Decrement(ref count);
            return known.GetValueOrDefault(name, Other);
        }

        if (!known.TryAdd(name, name)) Interlocked.Decrement(ref count);
        return name;
    }

    /// <summary>Short, and without what breaks a line or a label.</summary>
    public static string Clean(string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return None;
        if (value.Length <= MaxChars && value.All(IsPlain)) return value;
        return string.Create(Math.Min(value.Length, MaxChars), value, static (name, whole) =>
        {
            for (var i = 0; i < name.Length; i++) name[i] = IsPlain(whole[i]) ? whole[i] : '_';
        });
    }

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or ':' or '/' or '@' or '+' or '(' or ')';
}
