using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Refuses what JSON's grammar allows and no two readers agree on: a name twice in one object, half a
/// surrogate pair.</summary>
internal static class JsonStrictness
{
    /// <summary>Characters of a path that is named to the client; a name may be as long as the body.</summary>
    private const int MaxPathChars = 200;

    public static void Check(JsonElement root) => Check(root, null);

    private static void Check(JsonElement element, Place? place)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    var inner = new Place(place, Text(() => property.Name, place));
                    if (!names.Add(inner.Name)) throw Refused(inner, "The name stands twice in one object.");
                    Check(property.Value, inner);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Check(item, place);
                break;
            case JsonValueKind.String:
                Text(() => element.GetString()!, place);
                break;
        }
    }

    private static string Text(Func<string> read, Place? place)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Refused(place, @"Half of a surrogate pair (as \ud83d alone) is JSON, but not text.");
        }
    }

    private static RefusedException Refused(Place? place, string why) => new(Refusals.Invalid(place?.ToString(), why));

    private sealed record Place(Place? Outer, string Name)
    {
        public override string ToString()
        {
            var path = Outer is null ? Name : $"{Outer}.{Name}";
            return path.Length <= MaxPathChars ? path : path[..MaxPathChars] + "…";
        }
    }
}
