namespace EventSourcedStreams.OpenAI;

/// <summary>What an endpoint's configuration adds to its address.</summary>
internal static class EndpointQuery
{
    public static (string Query, IReadOnlyList<string> Secrets) Of(IReadOnlyDictionary<string, string?> given)
    {
        var parts = given.Where(part => !string.IsNullOrWhiteSpace(part.Value)).ToArray();
        return (
            string.Join('&', parts.Select(part => $"{Uri.EscapeDataString(part.Key)}={Uri.EscapeDataString(part.Value!.Trim())}")),
            [.. parts.Where(part => SecretRemoval.NamesSecret(part.Key)).Select(part => part.Value!.Trim())]);
    }
}
