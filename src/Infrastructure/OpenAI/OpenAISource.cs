using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Polly;
using Polly.Retry;

namespace EventSourcedStreams.OpenAI;

/// <summary>
/// A chat completion of any provider that speaks OpenAI's API. The stream's input is the request, as the provider documents it. What
/// goes wrong before the first text is tried up to three times in all; after it never, or the text would begin anew in the middle.
/// </summary>
public sealed class OpenAISource : ITextSource, IDisposable
{
    private const int Tries = 3;

    private readonly OpenAIEndpoint? endpoint;
    private readonly ProviderRefusal refusal;
    private readonly ResiliencePipeline<SourceResult> retries;
    private readonly HttpClient http;
    private readonly ChatClient? chat;

    /// <exception cref="ArgumentException">Names the key of the configuration that is wrong.</exception>
    public OpenAISource(OpenAIOptions options, TimeProvider time)
    {
        endpoint = OpenAIEndpoint.From(options);
        refusal = new ProviderRefusal(endpoint?.BaseUrl.Host ?? "", new SecretRemoval(endpoint?.ApiKey), time);
        retries = Retries(time);
        http = Connections();
        if (endpoint is not null) chat = Client(endpoint, http);
    }

    public string Name => "openai";

    public void Validate(JsonElement? input) => OpenAIRequest.Validate(input, Configured);

    public SourceDescription Describe(JsonElement? input) =>
        new(endpoint?.BaseUrl.Host, OpenAIRequest.ModelOf(input, endpoint));

    public async Task<SourceResult> RunAsync(SourceRequest request, IAppender output, CancellationToken ct)
    {
        try
        {
            Validate(request.Input);
            var body = OpenAIRequest.BodyOf(request.Input!.Value, Configured);
            return await retries.ExecuteAsync(async attempt => await AskAsync(body, output, attempt), ct);
        }
        catch (InvalidInputException e)
        {
            // It was valid when the stream was created: the configuration has changed since.
            throw new SourceFailedException("invalid-input", e.Message, e);
        }
        catch (ProviderFault fault)
        {
            throw new SourceFailedException(fault.Code, fault.Message, fault.InnerException);
        }
    }

    public void Dispose() => http.Dispose();

    private OpenAIEndpoint Configured => endpoint
        ?? throw new InvalidInputException("source", "The source 'openai' is not configured: set OpenAI:ApiKey, or OpenAI:BaseUrl for an endpoint that needs no key.");

    private async Task<SourceResult> AskAsync(BinaryData body, IAppender output, CancellationToken ct)
    {
        using var response = await SendAsync(body, ct);
        response.Headers.TryGetValue("Content-Type", out var type);
        var isStream = type is null || type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        if (response.IsError || !isStream) throw await refusal.ReadAsync(response, ct);
        return await new ChatAnswer(Configured.BaseUrl.Host, refusal, output).ReadAsync(response, ct);
    }

    private async Task<PipelineResponse> SendAsync(BinaryData body, CancellationToken ct)
    {
        var options = new RequestOptions { BufferResponse = false, ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = ct };
        // With "text/event-stream" the package would reconnect by itself and follow redirects: it would ask, and pay, for a second answer.
        options.SetHeader("Accept", "*/*");
        try
        {
            using var content = BinaryContent.Create(body);
            return (await chat!.CompleteChatAsync(content, options)).GetRawResponse();
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is ClientResultException or HttpRequestException or IOException or OperationCanceledException)
        {
            var cause = e as HttpRequestException ?? e.InnerException as HttpRequestException;
            var what = cause is null ? "" : $" ({cause.HttpRequestError})";
            throw new ProviderFault("provider-error", $"{Configured.BaseUrl.Host} could not be reached{what}.", mayRetry: true, inner: cause);
        }
    }

    private static ResiliencePipeline<SourceResult> Retries(TimeProvider time) =>
        new ResiliencePipelineBuilder<SourceResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<SourceResult>
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is ProviderFault { MayRetry: true }),
                MaxRetryAttempts = Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
                DelayGenerator = attempt => ValueTask.FromResult((attempt.Outcome.Exception as ProviderFault)?.RetryAfter),
            })
            .Build();

    private static HttpClient Connections() =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a POST with a key goes where it was configured to, and nowhere else
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows a changed DNS entry
            MaxResponseDrainSize = 0, // an answer that is left is cut at once, so that the provider stops making it
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // a model may think for long; the stream's idle timeout watches over silence
        };

    private static ChatClient Client(OpenAIEndpoint endpoint, HttpClient http) =>
        new(
            endpoint.Model ?? "none", // the package wants one; the request's body, which we write, decides
            new ApiKeyCredential(endpoint.ApiKey ?? "none"), // an endpoint that needs no key does not look at it
            new OpenAIClientOptions
            {
                Endpoint = endpoint.BaseUrl,
                Transport = new HttpClientPipelineTransport(http),
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // ours knows when text has begun
                NetworkTimeout = Timeout.InfiniteTimeSpan,
                ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
                UserAgentApplicationId = "EventSourcedStreams",
            });
}
