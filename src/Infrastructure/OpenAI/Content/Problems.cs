using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>What went wrong beside an answer that goes on: a filter that did not run, as Azure tells it.</summary>
internal static class Problems
{
    private static readonly string[] FilterFields =
        ["content_filter_results", "content_filter_result", "prompt_filter_results"];

    public static IEnumerable<ChatSaid> Of(JsonElement of)
    {
        foreach (var field in FilterFields)
        {
            if (ProviderJson.Member(of, field) is not { } result) continue;
            foreach (var one in result.ValueKind == JsonValueKind.Array ? [.. result.EnumerateArray()] : (JsonElement[])[result])
            {
                if ((ProviderJson.Member(one, "error") ?? ProviderJson.Member(ProviderJson.Member(one, "content_filter_results"), "error")) is { } error
                    && !ProviderJson.IsNothing(error))
                    yield return new ChatSaid.Problem(ProviderJson.Text(ProviderJson.Member(error, "code")), ProviderErrors.Words(error));
            }
        }
    }
}
