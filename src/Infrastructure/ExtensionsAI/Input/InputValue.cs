using System.Text.Json;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>A value of the input, and where it stands. JSON's null is the same as nothing.</summary>
/// <param name="Path">As <c>input.messages[0].role</c>.</param>
internal readonly record struct InputValue(JsonElement Json, string Path)
{
    public JsonValueKind Kind => Json.ValueKind;

    public InputValue? this[string name] =>
        Kind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new InputValue(value, $"{Path}.{name}") : null;

    public IEnumerable<InputValue> Items
    {
        get
        {
            var path = Path;
            return Json.EnumerateArray().Select((item, index) => new InputValue(item, $"{path}[{index}]"));
        }
    }

    public InvalidInputException Wrong(string words) => new(Path, words);

    /// <exception cref="InvalidInputException">It is no object, or has a field of another name.</exception>
    public InputValue Object(params ReadOnlySpan<string> fields)
    {
        if (Kind != JsonValueKind.Object) throw Wrong("An object is expected here.");
        foreach (var field in Json.EnumerateObject())
        {
            if (!fields.Contains(field.Name)) throw new InvalidInputException($"{Path}.{field.Name}", $"There is no such field. There are: {string.Join(", ", fields)}.");
        }

        return this;
    }

    public InputValue List() => Kind == JsonValueKind.Array ? this : throw Wrong("A list is expected here.");

    /// <exception cref="InvalidInputException">It is no string.</exception>
    public string Text()
    {
        try
        {
            return Kind == JsonValueKind.String ? Json.GetString()! : throw Wrong("A string is expected here.");
        }
        catch (InvalidOperationException)
        {
            throw Wrong("It holds half of a surrogate pair (as \\ud83d alone): that is JSON, but not text.");
        }
    }

    public string Text(int max) => Text() is { Length: > 0 } text && text.Length <= max ? text : throw Wrong($"A string of 1 to {max} characters is expected here.");

    /// <exception cref="InvalidInputException">It is none of these.</exception>
    public string OneOf(params ReadOnlySpan<string> words) =>
        Kind == JsonValueKind.String && words.Contains(Text()) ? Text() : throw Wrong($"One of these is expected here: {string.Join(", ", words)}.");

    public bool Flag() => Kind is JsonValueKind.True or JsonValueKind.False ? Json.GetBoolean() : throw Wrong("true or false is expected here.");

    public int Whole(int min, int max) =>
        Kind == JsonValueKind.Number && Json.TryGetInt32(out var number) && number >= min && number <= max ? number : throw Wrong($"A whole number from {min} to {max} is expected here.");

    public long Long() => Kind == JsonValueKind.Number && Json.TryGetInt64(out var number) ? number : throw Wrong("A whole number is expected here.");

    public float Number(float min, float max) =>
        Kind == JsonValueKind.Number && Json.TryGetSingle(out var number) && number >= min && number <= max ? number : throw Wrong($"A number from {min:0.#} to {max:0.#} is expected here.");
}
