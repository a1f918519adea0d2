using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI;

/// <summary>Asks one endpoint.</summary>
internal sealed class ChatConnection(ChatEndpoint endpoint, HttpClient http, TimeProvider time)
{
    private const int MaxKnownModels = 1000;

    private static readonly ProductInfoHeaderValue Agent =
        new("EventSourcedStreams", typeof(ChatConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);

    private readonly SecretRemoval secrets = new(endpoint.Secrets);

    /// <summary>Models that refused to be asked for the usage; past the bound they are asked, and refuse, each
    /// time.</summary>
    private readonly ConcurrentDictionary<string, bool> withoutStreamOptions = new();

    /// <param name="isNamed">The input's <c>provider</c> names this endpoint.</param>
    /// <exception cref="ProviderFault">From here and from reading on.</exception>
    public async Task<ChatResponse> AskAsync(JsonElement input, bool isNamed, CancellationToken ct)
    {
        var model = ChatRequest.ModelOf(input, endpoint) ?? "";
        var asksUsage = ChatRequest.HasStreamOptions(input) && (ChatRequest.SetsStreamOptions(input) || !withoutStreamOptions.ContainsKey(model));
        while (true)
        {
            var response = await SendAsync(ChatRequest.BodyOf(input, endpoint, isNamed, asksUsage), ct);
            try
            {
                var content = await ContentOfAsync(response, ct);
                if (response.IsSuccessStatusCode) return new ChatResponse(response, content, endpoint.Host, secrets, time, ChatRequest.SoundTypeOf(input));
                var refusal = await ProviderRefusal.ReadAsync(response, content, time, ct);
                if (!asksUsage || !refusal.IsOfStreamOptions) throw refusal.Fault(endpoint.Host, secrets);
                asksUsage = false;
                if (withoutStreamOptions.Count < MaxKnownModels) withoutStreamOptions[model] = true;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Completions) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var (name, value) in endpoint.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("User-Agent")) request.Headers.UserAgent.Add(Agent);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            var cause = e as HttpRequestException;
            throw new ProviderFault(
                "provider-error", $"{endpoint.Host} could not be reached{(cause is null ? "" : $" ({cause.HttpRequestError})")}.", mayRetry: true, inner: cause);
        }
    }

    private async Task<Stream> ContentOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await BodyDecoding.DecodedAsync(await response.Content.ReadAsStreamAsync(ct), response.Content.Headers.ContentEncoding, ct);
        }
        catch (NotSupportedException e)
        {
            throw new ProviderFault("provider-error", $"{endpoint.Host} answered in the encoding '{e.Message}', which was not asked for and cannot be read.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is IOException or HttpRequestException or InvalidDataException or InvalidOperationException)
        {
            throw new ProviderFault("provider-interrupted", $"The connection to {endpoint.Host} broke off.", mayRetry: true);
        }
    }
}
