using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventSourcedStreams.Client;

/// <summary>Sends requests with a token, and turns refusals into exceptions. What is sent may be sent again: tries are
/// the business of the handlers below.</summary>
internal sealed class ApiSender(Func<HttpClient> http, Uri baseAddress, TextStreamsClientOptions options)
{
    private readonly string root = baseAddress.AbsoluteUri.TrimEnd('/');

    /// <param name="path">Below the base address; empty, or beginning with a slash or a question mark.</param>
    /// <param name="stream">The stream that the request is about; null: none, or several.</param>
    /// <returns>An answer of which the headers are there.</returns>
    /// <exception cref="TextStreamsException">The server refuses it.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? stream, CancellationToken ct, HttpContent? content = null, string? accept = null)
    {
        var body = content is null ? null : await content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        string? refused = null;
        while (true)
        {
            using var request = new HttpRequestMessage(method, root + path);
            var token = options.Token is { } give ? await give(new TokenRequest(stream, refused), ct).ConfigureAwait(false) : null;
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (accept is not null) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = content!.Headers.ContentType;
            }

            var response = await http().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                var isTriedAnew = response.StatusCode is HttpStatusCode.Unauthorized && token is not null && refused is null;
                if (!isTriedAnew) throw await RefusalAsync(response, ct).ConfigureAwait(false);
                refused = token;
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
        Type = "/problems/not-this-api",
        Title = "What answers is no server of text streams.",
        Status = (int)response.StatusCode,
        Detail = $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} answers what is not of this API: {what}",
    });

    private static async Task<TextStreamsException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var wait = response.Headers.RetryAfter?.Delta;
        try
        {
            if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
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
