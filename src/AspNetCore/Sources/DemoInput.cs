using System.Text.Json;

namespace EventSourcedStreams.AspNetCore;

/// <param name="Rate">Tokens per second.</param>
/// <param name="Length">How many tokens; null: one time through the text.</param>
/// <param name="Text">Played instead of the built-in text.</param>
/// <param name="Fail">End with an error, in mid-sentence.</param>
/// <param name="Parts">Begin with a thought, a tool's call and its result, and a source.</param>
internal sealed record DemoInput(double Rate = 30, int? Length = null, string? Text = null, bool Fail = false, bool Parts = false)
{
    private const double MinRate = 0.1;
    private const double MaxRate = 100_000;
    private const int MaxLength = 1_000_000;

    public static DemoInput Parse(JsonElement? input)
    {
        if (input is not { ValueKind: not JsonValueKind.Null } given) return new DemoInput();
        if (given.ValueKind != JsonValueKind.Object)
            throw new InvalidInputException("input", "The input of the source 'demo' is an object, as { \"rate\": 30, \"length\": 120 }.");

        try
        {
            return given.EnumerateObject().Aggregate(new DemoInput(), (demo, property) => demo.With(property.Name, property.Value));
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException("input", "The input holds half of a surrogate pair (as \\ud83d alone): that is JSON, but not text.");
        }
    }

    private DemoInput With(string name, JsonElement value) => name switch
    {
        "rate" => this with
        {
            Rate = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var rate) && rate is >= MinRate and <= MaxRate
                ? rate
                : throw new InvalidInputException("input.rate", $"rate is a number of tokens per second, {MinRate} to {MaxRate}."),
        },
        "length" => this with
        {
            Length = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var length) && length is >= 1 and <= MaxLength
                ? length
                : throw new InvalidInputException("input.length", $"length is a whole number of tokens, 1 to {MaxLength}."),
        },
        "text" => this with
        {
            Text = value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
                ? text
                : throw new InvalidInputException("input.text", "text is a string of at least one character."),
        },
        "fail" => this with { Fail = Flag(name, value) },
        "parts" => this with { Parts = Flag(name, value) },
        _ => throw new InvalidInputException($"input.{name}", "The source 'demo' knows rate, length, text, fail and parts."),
    };

    private static bool Flag(string name, JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw new InvalidInputException($"input.{name}", $"{name} is true or false.");
}
