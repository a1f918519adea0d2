using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>An error with no field of that name: <c>{"object":"error","message"}</c>, <c>{"message","code":504}</c>,
/// <c>{"detail"}</c>.</summary>
internal static class FlatError
{
    private static readonly string[] KindFields = ["object", "type", "status"];
    private static readonly string[] CodeFields = ["code", "status", "status_code", "error_code", "errorCode"];
    private static readonly string[] WordFields = ["message", "msg", "error_msg", "status_msg"];

    /// <summary>Of a problem (RFC 9457). Other events have them too, so only a status of HTTP makes them an
    /// error's.</summary>
    private static readonly string[] ProblemFields = ["title", "detail"];
    private static readonly HashSet<string> GoodCodes =
        new(StringComparer.OrdinalIgnoreCase) { "ok", "success", "completed", "in_progress", "pending", "running", "queued", "processing" };

    public static bool Is(JsonElement chunk)
    {
        if (chunk.ValueKind != JsonValueKind.Object) return false;
        if (KindFields.Any(field => EventNames.IsError(ProviderJson.Text(ProviderJson.Member(chunk, field))))) return true;
        if (ProviderJson.Member(chunk, "success") is { ValueKind: JsonValueKind.False }) return true;
        if (ProviderJson.Member(ProviderJson.Member(chunk, "base_resp"), "status_code") is { } status && IsErrorCode(status)) return true;
        if (ProviderJson.Member(chunk, "choices") is { } choices && !ProviderJson.IsNothing(choices)) return false;

        if (ProblemFields.Any(field => Speaks(ProviderJson.Member(chunk, field))) && CodeFields.Any(field => IsHttpError(ProviderJson.Member(chunk, field)))) return true;

        // A type of its own that is no error's is that of some other event, which may carry a message for people.
        var isBare = ProviderJson.Member(chunk, "type") is null && ProviderJson.Member(chunk, "object") is null && ProviderJson.Member(chunk, "event") is null;
        if (WordFields.Any(field => Speaks(ProviderJson.Member(chunk, field))))
            return CodeFields.Any(field => ProviderJson.Member(chunk, field) is { } code && IsErrorCode(code)) || (isBare && Speaks(ProviderJson.Member(chunk, "message")));
        return isBare && chunk.EnumerateObject().Count() == 1 && ProviderJson.Member(chunk, "detail") is { } detail && !ProviderJson.IsNothing(detail);
    }

    private static bool Speaks(JsonElement? value) => !string.IsNullOrWhiteSpace(ProviderJson.Text(value));

    private static bool IsHttpError(JsonElement? code) =>
        code is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number is >= 400 and < 600;

    private static bool IsErrorCode(JsonElement code) => code.ValueKind switch
    {
        JsonValueKind.Number => !code.TryGetInt64(out var number) || !IsGood(number),
        JsonValueKind.String => ProviderJson.Text(code)!.Trim() is { Length: > 0 } text
            && (long.TryParse(text, out var number) ? !IsGood(number) : !GoodCodes.Contains(text)),
        _ => false,
    };

    private static bool IsGood(long code) => code is 0 or (>= 200 and < 300);
}
