using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// What a provider gives as the reason for its answer's end. Good are the ends of OpenAI's API and what other providers
/// call them; any other reason, also one that is new, is no good end: an answer that broke off must not pass for a
/// whole one.
/// </summary>
internal static class FinishReasons
{
    private const int MaxChars = 256;

    /// <summary>In lower case, without what parts words.</summary>
    private static readonly HashSet<string> Good = new(StringComparer.Ordinal)
    {
        "stop", "stopped", "stopsequence", "stopstring", "stoptoken", "stopword", "eos", "eostoken", "eot", "endturn", "endofturn", "endoftext", "end",
        "complete", "completed", "finish", "finished", "done", "success",
        "length", "maxlength", "lengthlimit", "limit", "maxtokens", "maxtoken", "maxnewtokens", "maxoutputtokens", "maxcompletiontokens", "tokenlimit",
        "modellength", "contextlength", "modelcontextwindowexceeded",
        "contentfilter", "contentfiltered", "filtered", "sensitive", "safety", "recitation", "blocklist", "prohibitedcontent", "spii", "refusal",
        "toolcall", "toolcalls", "tooluse", "functioncall", "functioncalls", "function",
    };

    private static readonly HashSet<string> None = new(StringComparer.Ordinal) { "", "null", "none", "undefined", "nil", "notfinished", "finishreasonunspecified", "inprogress" };

    /// <summary>What the names of an enumeration's values may begin with, as in FINISH_REASON_STOP.</summary>
    private static readonly string[] Prefixes = ["finishreason", "stopreason", "reason"];

    public static bool IsGood(string reason) => Plain(reason) is var plain && (Good.Contains(plain) || Prefixes.Any(prefix => IsGoodBehind(prefix, plain)));

    /// <summary>Null for none: providers write that as null, an empty string, "null", 0 or false too.</summary>
    public static string? Of(JsonElement? given) => given switch
    {
        null => null,
        { } value when ProviderJson.IsNothing(value) => null,
        { ValueKind: JsonValueKind.String } value => ProviderJson.Text(value) is { } text && !None.Contains(Plain(text)) ? Cut(text.Trim()) : null,
        { ValueKind: JsonValueKind.Object } value when (ProviderJson.Member(value, "type") ?? ProviderJson.Member(value, "reason")) is { } inner => Of(inner),
        { } value => Cut(value.GetRawText()),
    };

    private static bool IsGoodBehind(string prefix, string plain) => plain.StartsWith(prefix, StringComparison.Ordinal) && Good.Contains(plain[prefix.Length..]);

    private static string Cut(string reason) => reason.Length <= MaxChars ? reason : reason[..MaxChars];

    private static string Plain(string reason) => string.Concat(reason.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
