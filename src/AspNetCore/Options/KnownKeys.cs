using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Holds a section against the type that it is bound to: binding itself passes over a key that it does not
/// know.</summary>
internal static class KnownKeys
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <exception cref="InvalidOperationException">Names the first key that the type has no property for.</exception>
    public static void Check(IConfigurationSection section, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (EntriesOf(type) is { } entries)
        {
            foreach (var entry in section.GetChildren()) Check(entry, entries);
        }
        else if (type == typeof(string) || type.IsValueType || type.IsAssignableTo(typeof(IFormattable)))
        {
            if (section.GetChildren().FirstOrDefault() is { } below)
                throw new InvalidOperationException($"{below.Path}: there is no such key; {section.Path} is a single value.");
        }
        else
        {
            var properties = type.GetProperties(All).Where(property => property.Name != "EqualityContract").ToArray();
            foreach (var child in section.GetChildren())
            {
                var property = properties.FirstOrDefault(known => known.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                    ?? throw new InvalidOperationException(
                        $"{child.Path}: there is no such key; in {section.Path} there are {string.Join(", ", properties.Select(known => known.Name))}.");
                Check(child, property.PropertyType);
            }
        }
    }

    /// <summary>The type of the entries of a list, or of a dictionary by name; null for what is neither.</summary>
    private static Type? EntriesOf(Type type) =>
        type == typeof(string) || !type.IsAssignableTo(typeof(IEnumerable)) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetGenericArguments().LastOrDefault();
}
