using System.Text.Json;

namespace EventSourcedStreams.Extensions.AI;

/// <summary>One item of a message's content: a run of text, or a part.</summary>
internal sealed class InputPart
{
    private readonly InputValue given;
    private readonly InputValue? detail;

    /// <exception cref="InvalidInputException">It is none.</exception>
    public InputPart(InputValue given)
    {
        if (given.Kind != JsonValueKind.Object) throw given.Wrong("An item of the content is an object with a kind.");
        this.given = given;
        Kind = (given["kind"] ?? throw given.Wrong("An item of the content has a kind, as text.")).Text(64);
        Number = given["part"]?.Whole(1, int.MaxValue);
        Of = given["of"]?.Whole(1, int.MaxValue);
        Offset = given["offset"]?.Long();
        Name = given["name"]?.Text();
        CallId = given["callId"]?.Text();
        MediaType = given["mediaType"]?.Text(256);
        detail = given["detail"] is { } told ? told.Kind == JsonValueKind.Object ? told : throw told.Wrong("An object is expected here.") : null;
        CallId ??= Detail("callId");
    }

    public string Kind { get; }

    public int? Number { get; }

    /// <summary>The part that it belongs to, of the same content.</summary>
    public int? Of { get; }

    /// <summary>Of a run of text: where it begins, in UTF-8 bytes of the body.</summary>
    public long? Offset { get; }

    public string? Name { get; }

    public string? CallId { get; }

    public string? MediaType { get; }

    public bool HasText => given["text"] is not null;

    public bool IsFailed => given["error"] is not null || given["state"] is { } state && state.Text() == "failed";

    /// <summary>Its end never came, or has not come yet.</summary>
    public bool IsCut => given["state"] is { } state && state.Text() is "cut" or "open";

    public string? Href => given["href"]?.Text();

    /// <summary>Its value as JSON, or its text as a JSON string; null: it has neither.</summary>
    public JsonElement? Json => (given["value"] ?? given["text"])?.Json.Clone();

    /// <summary>Its text, or its value as it is written; empty: it has neither.</summary>
    public string Text() => given["text"] is { } text ? text.Text() : given["value"] is { } value ? value.Json.GetRawText() : "";

    public InputValue? DetailValue(string name) => detail?[name];

    public string? Detail(string name) => DetailValue(name)?.Text();

    public bool DetailFlag(string name) => DetailValue(name)?.Flag() ?? throw Wrong($"Its detail has {name}: true or false.");

    public InvalidInputException Wrong(string words) => given.Wrong(words);
}
