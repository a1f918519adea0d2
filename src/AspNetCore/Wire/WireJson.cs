using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace EventSourcedStreams.AspNetCore;

/// <summary>The API's JSON, whatever the host makes of its own.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StreamView))]
[JsonSerializable(typeof(StreamListView))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(UsageListView))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class WireJson : JsonSerializerContext
{
    private static WireJson? relaxed;

    /// <summary>Text as it is: what is sent is JSON and never HTML, so only what JSON itself needs is
    /// escaped.</summary>
    public static WireJson Relaxed => relaxed ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

internal static class JsonResponses
{
    public static async Task WriteJsonAsync<T>(
        this HttpResponse response, T value, JsonTypeInfo<T> type, string contentType, CancellationToken ct)
    {
        response.ContentType = contentType;
        await JsonSerializer.SerializeAsync(response.BodyWriter, value, type, ct);
    }
}
