using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourcedStreams.Client;

/// <summary>Sends requests with a token, and turns refusals into exceptions. What is sent may be sent again: tries are
/// the business of the handlers below.</summary>
internal sealed class ApiSender(Func<HttpClient> http, Uri baseAddress, TextStreamsClientOptions options)
{
    public const string NotThisApi = "not-this-api";

    private readonly string root = baseAddress.AbsoluteUri.TrimEnd('/');

    /// <param name="path">Below the base address; empty, or beginning with a slash or a question mark.</param>
    /// <param name="stream">The stream that the request is about; null: none, or several.</param>
    /// <param name="headers">More of them.</param>
    /// <returns>An answer of which the headers are there.</returns>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? stream, CancellationToken ct, HttpContent? content = null, string? accept = null, params (string Name, string Value)[] headers)
    {
        var body = content is null ? null : await content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        var address = new Uri(root + path);
        var token = await TokenAsync(stream, null, ct).ConfigureAwait(false);
        var (isRenewed, isMoved) = (false, false);
        while (true)
        {
            using var request = new HttpRequestMessage(method, address);
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (accept is not null) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = content!.Headers.ContentType;
            }

            var response = await http().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                if (response.StatusCode is not HttpStatusCode.Unauthorized || token is null) throw await RefusalAsync(response, ct).ConfigureAwait(false);
                if (!isMoved && HasLostToken(request, address))
                {
                    (isMoved, address) = (true, request.RequestUri!);
                    continue;
                }

                if (isRenewed) throw await RefusalAsync(response, ct).ConfigureAwait(false);
                (isRenewed, token) = (true, await TokenAsync(stream, token, ct).ConfigureAwait(false));
            }
        }
    }

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, string? stream, JsonTypeInfo<T> type, CancellationToken ct, HttpContent? content = null)
    {
        using var limit = Limited(ct);
        using var response = await SendAsync(method, path, stream, limit.Token, content, "application/json").ConfigureAwait(false);
        return await ReadAsync(response, type, limit.Token).ConfigureAwait(false);
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, ct).ConfigureAwait(false) ?? throw Foreign(response, "null");
        }
        catch (JsonException e)
        {
            throw Foreign(response, e.Message);
        }
    }

    /// <summary>For a whole answer.</summary>
    public Deadline Limited(CancellationToken ct) => new(options.RequestTimeout, options.TimeProvider, ct);

    public static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public static TextStreamsException Foreign(HttpResponseMessage response, string what) => new(new StreamProblem
    {
        Type = $"/problems/{NotThisApi}",
        Title = "What answers is no server of text streams.",
        Status = (int)response.StatusCode,
        Detail = $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} answers what is not of this API: {what}",
    });

    /// <summary>Whether an answer is of this media type; its name has no case.</summary>
    public static bool IsOf(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private async ValueTask<string?> TokenAsync(string? stream, string? refused, CancellationToken ct) =>
        options.Token is { } give ? await give(new TokenRequest(stream, refused), ct).ConfigureAwait(false) : null;

    /// <summary>Whether the server has sent the request on to another address of its own: <see cref="HttpClient"/>
    /// leaves the token out there.</summary>
    private static bool HasLostToken(HttpRequestMessage request, Uri asked) => request is { RequestUri: { } reached, Headers.Authorization: null }
        && reached != asked && Uri.Compare(reached, asked, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private async Task<TextStreamsException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var wait = RetryAfterHeader.Of(response, options.TimeProvider);
        try
        {
            if (IsOf(response, "application/problem+json"))
            {
                var problem = await ReadAsync(response, ClientJson.Default.StreamProblem, ct).ConfigureAwait(false);
                return new TextStreamsException(problem with { Status = (int)response.StatusCode }, wait);
            }
        }
        catch (TextStreamsException)
        {
            // It calls itself a problem and is none: the status says what there is to say.
        }

        return new TextStreamsException(
            new StreamProblem { Title = response.ReasonPhrase ?? "", Status = (int)response.StatusCode, Detail = "The answer says no more than its status." }, wait);
    }
}
